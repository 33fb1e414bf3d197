package dev.banyan.postgres.sql;

import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Makes statements from a grammar of its own: mostly queries, of which about a half hide something that is no read, in every place where the grammar takes it. */
final class StatementGenerator {
    private static final String[] NAMES = {"a", "b", "t", "u", "\"Mixed\"", "x1", "update_at", "my_unlogged", "over", "filter", "columns", "first", "zone", "cube", "sets", "operator", "pg_locks", "escape"};
    private static final String[] FUNCTIONS = {
        "lower", "upper", "count", "coalesce", "now", "pg_catalog.lower", "\"lower\"", "my_stable", "public.my_stable", "left", "greatest", "nullif", "generate_series", "unnest", "random"
    };
    private static final String[] HARMFUL = {
        "nextval", "my_volatile", "unknown_fn", "pg_catalog.nextval", "\"nextval\"", "s.lower", "pg_advisory_lock", "set_config", "txid_current", "over", "filter", "materialized", "cube", "rollup", "operator_x", "first", "zone", "by", "query_to_xml", "columns", "sets", "escape", "repeatable", "ordinality", "second", "varying"
    };
    private static final String[] LITERALS = {"1", "'x'", "E'a\\'b'", "$$ nextval('x') $$", "$q$;$q$", "1.5e3", "$1", "NULL", "TRUE", "B'01'", "U&'\\0041'", "N'x'", "'it''s'", "-1", "'now'", "DATE '2001-01-01'", "INTERVAL '1' HOUR"};
    private static final String[] OPERATORS = {"+", "-", "*", "=", "<>", "||", "->>", "@>", "AND", "OR", "IS DISTINCT FROM", "LIKE", "OPERATOR(pg_catalog.+)", "~~", "AT TIME ZONE", "IN", "SIMILAR TO"};
    private static final String[] TYPES = {"int", "numeric(10, 2)", "text", "character varying(5)", "public.geometry(Point)", "timestamp(3) with time zone", "int[]"};

    private final Random random;
    private boolean mayHarm;
    private int budget;

    StatementGenerator(Random random) {
        this.random = random;
    }

    String next() {
        mayHarm = chance(50);
        budget = 4 + random.nextInt(40);
        String statement = switch (random.nextInt(20)) {
            case 0 -> "EXPLAIN " + oneOf("", "ANALYZE ", "VERBOSE ", "(ANALYZE) ", "(ANALYZE, COSTS off) ", "(COSTS off) ", "(ANALYZE false) ", "ANALYZE VERBOSE ") + oneOf(query(), query(), "DELETE FROM t", "(" + query() + ")");
            case 1 -> "COPY (" + query() + ") TO STDOUT";
            case 2 -> query() + "; " + query();
            case 3 -> writing();
            default -> query();
        };
        return disguised(statement);
    }

    private String writing() {
        return switch (random.nextInt(6)) {
            case 0 -> "INSERT INTO t " + query();
            case 1 -> "UPDATE t SET a = " + expression() + " WHERE " + expression();
            case 2 -> "DELETE FROM t USING u WHERE " + expression();
            case 3 -> "CREATE TABLE v AS " + query();
            case 4 -> "DECLARE c CURSOR FOR " + query();
            default -> "PREPARE p AS " + query();
        };
    }

    private String query() {
        budget--;
        String with = chance(15) ? with() : "";
        String body = switch (random.nextInt(8)) {
            case 0 -> "VALUES (" + list(2) + "), (" + list(2) + ")";
            case 1 -> "TABLE " + name();
            case 2 -> budget > 0 ? "(" + query() + ") " + oneOf("UNION ALL", "EXCEPT", "INTERSECT") + " " + select() : select();
            case 3 -> budget > 0 ? "(" + query() + ")" : select();
            default -> select();
        };
        String order = chance(20) ? " ORDER BY 1, " + expression() : "";
        String limit = chance(15) ? oneOf(" LIMIT " + expression(), " OFFSET " + expression() + " ROWS FETCH FIRST (" + expression() + ") ROWS ONLY", " FETCH NEXT 5 ROWS ONLY") : "";
        return with + body + order + limit;
    }

    private String with() {
        String recursive = chance(30) ? "RECURSIVE " : "";
        return "WITH " + recursive + cte("x") + (chance(40) ? ", " + cte("y") : "") + " ";
    }

    private String cte(String name) {
        String columns = chance(40) ? oneOf("(a)", " (a, b)") : "";
        String inner = harm(8) ? oneOf("INSERT INTO t VALUES (1) RETURNING *", "DELETE FROM t RETURNING a", "UPDATE t SET a = 1 RETURNING a") : query();
        return name + columns + " AS " + oneOf("", "MATERIALIZED ", "NOT MATERIALIZED ") + "(" + inner + ")";
    }

    private String select() {
        StringBuilder sql = new StringBuilder("SELECT ").append(oneOf("", "", "DISTINCT ", "ALL ", "DISTINCT ON (" + expression() + ") ")).append(list(1 + random.nextInt(3)));
        if (harm(3)) {
            sql.append(" INTO ").append(oneOf("", "TEMP ")).append("z");
        }
        if (chance(75)) {
            sql.append(" FROM ").append(IntStream.rangeClosed(0, random.nextInt(2)).mapToObj(i -> table()).collect(Collectors.joining(", ")));
        }
        if (chance(50)) {
            sql.append(" WHERE ").append(expression());
        }
        if (chance(15)) {
            sql.append(" GROUP BY ").append(oneOf(expression(), "ROLLUP (a, " + expression() + ")", "GROUPING SETS ((a), CUBE (b))", "CUBE (a), " + expression())).append(chance(50) ? " HAVING " + expression() : "");
        }
        if (chance(10)) {
            sql.append(" WINDOW w AS (PARTITION BY ").append(expression()).append(" ORDER BY ").append(expression()).append(")");
        }
        if (harm(3)) {
            sql.append(" FOR ").append(oneOf("UPDATE", "SHARE", "NO KEY UPDATE", "KEY SHARE OF t"));
        }
        return sql.toString();
    }

    private String table() {
        if (budget-- < 0) {
            return name();
        }
        String alias = oneOf("", " k", " AS k", " k(a, b)", " AS k (a)", " \"K\"(a)", " filter(a)", " zone (a)");
        return switch (random.nextInt(12)) {
            case 0 -> "(" + query() + ")" + alias;
            case 1 -> call() + alias;
            case 2 -> "LATERAL " + call() + alias;
            case 3 -> "ROWS FROM (" + call() + ", " + call() + ") WITH ORDINALITY" + alias;
            case 4 -> "t" + alias + " TABLESAMPLE " + (harm(30) ? "odd" : oneOf("bernoulli", "SYSTEM")) + " (10) REPEATABLE (" + expression() + ")";
            case 5 -> table() + " CROSS JOIN " + table();
            case 6 -> "(t" + alias + " CROSS JOIN " + table() + ")" + alias;
            case 10 -> "t" + alias + " LEFT JOIN " + table() + " ON " + expression();
            case 7 -> "(t JOIN " + table() + " USING (a))" + alias;
            case 8 -> call() + " WITH ORDINALITY" + alias;
            default -> name() + alias;
        };
    }

    private String expression() {
        if (budget-- < 0) {
            return oneOf(LITERALS);
        }
        return switch (random.nextInt(19)) {
            case 0, 1 -> oneOf(LITERALS);
            case 2, 3 -> name();
            case 4 -> "t." + name();
            case 5, 6 -> call();
            case 7 -> operation();
            case 8 -> "(" + expression() + ")::" + oneOf(TYPES);
            case 9 -> "CAST(" + expression() + " AS " + oneOf(TYPES) + ")";
            case 10 -> "(" + query() + ")";
            case 11 -> "CASE WHEN " + expression() + " THEN " + expression() + " ELSE " + call() + " END";
            case 12 -> oneOf("EXISTS", "ARRAY", "NOT EXISTS") + " (" + query() + ")";
            case 13 -> "ARRAY[" + list(2) + "]";
            case 14 -> "ROW(" + list(2) + ")";
            case 15 -> oneOf("extract(year FROM " + expression() + ")", "substring(a FROM " + call() + " FOR 2)", "trim(both FROM " + expression() + ")", "position('a' IN " + call() + ")", "overlay(a PLACING b FROM " + call() + ")");
            case 16 -> call() + " " + oneOf("OVER w", "OVER (PARTITION BY " + expression() + ")", "FILTER (WHERE " + expression() + ")", "FILTER (WHERE a) OVER (ORDER BY " + call() + ")");
            case 17 -> "percentile_cont(0.5) WITHIN GROUP (ORDER BY " + expression() + ")";
            default -> oneOf("current_date", "current_user", "a[" + call() + "]", "NOT " + call(), "a BETWEEN " + expression() + " AND " + call(), "a LIKE b ESCAPE " + call(), "a COLLATE \"C\"");
        };
    }

    private String operation() {
        String operator = oneOf(OPERATORS);
        return expression() + " " + operator + " " + (operator.equals("IN") ? "(" + list(3) + ")" : chance(40) ? call() : "(" + expression() + ")");
    }

    private String call() {
        String function = harm(25) ? oneOf(HARMFUL) : oneOf(FUNCTIONS);
        return function + oneOf("", " ") + "(" + oneOf("*", "", list(1), list(2), "DISTINCT a ORDER BY " + expression()).replaceFirst("^\\*$", function.equals("count") ? "*" : "1") + ")";
    }

    private String list(int length) {
        return IntStream.range(0, length).mapToObj(i -> expression() + (chance(5) ? " AS " + name() : "")).collect(Collectors.joining(", "));
    }

    /** Other blanks, comments and capitals, wherever the statement has a blank; never within a string. */
    private String disguised(String sql) {
        StringBuilder out = new StringBuilder();
        boolean plain = sql.indexOf('\'') < 0 && sql.indexOf('$') < 0 && sql.indexOf('"') < 0;
        for (char c : sql.toCharArray()) {
            boolean blank = c == ' ' && plain && chance(20);
            out.append(blank ? oneOf("\n", "\t", " /* ' */ ", " -- \"\n", "/* /* ; */ */", "  ") : String.valueOf(c));
        }
        return plain && chance(30) ? out.toString().toUpperCase(Locale.ROOT) : out.toString();
    }

    private boolean harm(int percent) {
        return mayHarm && chance(percent);
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private String name() {
        return chance(97) ? NAMES[random.nextInt(7)] : oneOf(NAMES);
    }

    private String oneOf(String... some) {
        return some[random.nextInt(some.length)];
    }
}
