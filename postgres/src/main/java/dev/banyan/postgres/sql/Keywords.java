package dev.banyan.postgres.sql;

import java.util.Set;

/** PostgreSQL's keywords by what they may be besides (manual appendix C; src/include/parser/kwlist.h), as far as reading a query needs them. */
final class Keywords {
    /** Never a name without quotes. */
    private static final Set<String> RESERVED = Set.of(
            "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "both", "case", "cast", "check", "collate", "column",
            "constraint", "create", "default", "deferrable", "desc", "distinct", "do", "else", "end", "except", "false", "fetch", "for", "foreign",
            "from", "grant", "group", "having", "in", "initially", "intersect", "into", "lateral", "leading", "limit", "not", "null", "offset", "on",
            "only", "or", "order", "placing", "primary", "references", "returning", "select", "some", "symmetric", "table", "then", "to", "trailing",
            "true", "union", "unique", "using", "variadic", "when", "where", "window", "with");

    /** Not a function's name without quotes: before a parenthesis they are types or expressions of their own. */
    private static final Set<String> NEVER_FUNCTIONS = Set.of(
            "between", "bigint", "bit", "boolean", "char", "character", "coalesce", "dec", "decimal", "exists", "extract", "float", "greatest",
            "grouping", "int", "integer", "interval", "json", "json_array", "json_arrayagg", "json_exists", "json_object", "json_objectagg",
            "json_query", "json_scalar", "json_serialize", "json_table", "json_value", "least", "national", "nchar", "normalize", "nullif", "numeric",
            "overlay", "position", "precision", "real", "row", "smallint", "substring", "time", "timestamp", "trim", "values", "varchar",
            "xmlattributes", "xmlconcat", "xmlelement", "xmlexists", "xmlforest", "xmlnamespaces", "xmlparse", "xmlpi", "xmlroot", "xmlserialize",
            "xmltable", "current_date", "current_time", "current_timestamp", "current_role", "current_user", "current_catalog", "localtime",
            "localtimestamp", "session_user", "system_user", "user");

    /** A function's or type's name, or an operator or a join behind an operand. */
    private static final Set<String> OPERATORS = Set.of(
            "cross", "full", "ilike", "inner", "is", "isnull", "join", "left", "like", "natural", "notnull", "outer", "overlaps", "right", "similar", "tablesample", "verbose", "binary", "collation", "concurrently", "freeze", "authorization");

    /** Free words behind which an expression may begin. */
    private static final Set<String> LEADS_ON = Set.of(
            "by", "columns", "escape", "explain", "filter", "first", "next", "over", "passing", "path", "recursive", "set", "sets", "uescape", "within", "zone", "groups", "range", "rows");

    private Keywords() {}

    static boolean reserved(String word) {
        return RESERVED.contains(word);
    }

    static boolean neverFunction(String word) {
        return RESERVED.contains(word) || NEVER_FUNCTIONS.contains(word);
    }

    static boolean operator(String word) {
        return OPERATORS.contains(word);
    }

    /** Whether a value or a table's name may end with this word, so that what follows it is an operator or an alias. */
    static boolean mayEndOperand(String word) {
        return !RESERVED.contains(word) && !OPERATORS.contains(word) && !LEADS_ON.contains(word) || word.equals("end") || word.equals("null") || word.equals("true") || word.equals("false");
    }
}
