package dev.banyan.postgres.sql;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What PostgreSQL's parse tree says of a statement: written anew here, by the tree and not by the tokens, to disagree with the reader if it errs. */
final class ParseTreeVerdict {
    private static final Set<String> WRITERS = Set.of("InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt");
    private static final Map<String, Verb> VERBS = Map.of(
            "SelectStmt", Verb.QUERY,
            "VariableShowStmt", Verb.SHOW,
            "DeallocateStmt", Verb.DEALLOCATE,
            "CopyStmt", Verb.COPY);
    private static final Map<String, Verb> TRANSACTION = Map.of(
            "BEGIN", Verb.BEGIN, "START", Verb.BEGIN, "COMMIT", Verb.COMMIT, "ROLLBACK", Verb.ROLLBACK, "SAVEPOINT", Verb.SAVEPOINT,
            "RELEASE", Verb.SAVEPOINT, "ROLLBACK_TO", Verb.SAVEPOINT, "PREPARE", Verb.TWO_PHASE, "COMMIT_PREPARED", Verb.TWO_PHASE, "ROLLBACK_PREPARED", Verb.TWO_PHASE);

    private final Catalogue catalogue;

    ParseTreeVerdict(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** Why the statements must not be taken for reads; empty where they may. */
    String danger(JsonNode statements) {
        for (JsonNode raw : statements) {
            String danger = ofStatement(raw.path("stmt"));
            if (!danger.isEmpty()) {
                return danger;
            }
        }
        return "";
    }

    /** The verb of a tree of one statement. */
    Verb verb(JsonNode statement) {
        String type = type(statement);
        JsonNode node = statement.path(type);
        return switch (type) {
            case "TransactionStmt" -> TRANSACTION.get(node.path("kind").asString("TRANS_STMT_BEGIN").replace("TRANS_STMT_", ""));
            case "VariableSetStmt" -> node.path("kind").asString().startsWith("VAR_RESET") ? Verb.RESET : Verb.SET;
            case "ConstraintsSetStmt" -> Verb.SET;
            case "DiscardStmt" -> node.path("target").asString("DISCARD_ALL").equals("DISCARD_ALL") ? Verb.DISCARD_ALL : Verb.OTHER;
            case "ExplainStmt" -> analyzes(node) && !type(node.path("query")).equals("SelectStmt") ? Verb.OTHER : Verb.QUERY;
            default -> VERBS.getOrDefault(type, Verb.OTHER);
        };
    }

    private String ofStatement(JsonNode statement) {
        String type = type(statement);
        JsonNode node = statement.path(type);
        return switch (type) {
            case "SelectStmt" -> within(statement);
            case "VariableShowStmt" -> "";
            case "ExplainStmt" -> !analyzes(node) ? "" : type(node.path("query")).equals("SelectStmt") ? within(node) : "EXPLAIN ANALYZE of " + type(node.path("query"));
            case "CopyStmt" -> node.path("is_from").asBoolean(false) || node.path("is_program").asBoolean(false) || node.has("filename") ? "COPY" : within(node);
            default -> type;
        };
    }

    private String within(JsonNode node) {
        if (node.isArray()) {
            for (JsonNode each : node) {
                String danger = within(each);
                if (!danger.isEmpty()) {
                    return danger;
                }
            }
            return "";
        }
        for (Map.Entry<String, JsonNode> each : node.properties()) {
            String danger = ofField(each.getKey(), each.getValue());
            if (danger.isEmpty()) {
                danger = within(each.getValue());
            }
            if (!danger.isEmpty()) {
                return danger;
            }
        }
        return "";
    }

    private String ofField(String name, JsonNode value) {
        return switch (name) {
            case "lockingClause", "intoClause" -> name;
            case "FuncCall" -> ofCall(value);
            case "RangeTableSample" -> sampling(value.path("method"));
            case "RangeVar" -> PrimaryRelations.contains(value.path("relname").asString("")) || catalogue.primaryRelations().contains(value.path("relname").asString("")) ? "relation " + value : "";
            default -> WRITERS.contains(name) ? name : "";
        };
    }

    private String ofCall(JsonNode call) {
        JsonNode names = call.path("funcname");
        String name = names.path(names.size() - 1).path("String").path("sval").asString("");
        String schema = names.size() > 1 ? names.path(names.size() - 2).path("String").path("sval").asString("") : "";
        boolean own = schema.isEmpty() || schema.equals("pg_catalog");
        if (own && name.equals("current_setting")) {
            String asked = call.path("args").path(0).path("A_Const").path("sval").path("sval").asString("").toLowerCase(Locale.ROOT);
            return SessionSettings.follows(asked) ? "" : "current_setting of " + asked;
        }
        boolean ofUser = !schema.equals("pg_catalog") && catalogue.harmlessFunctions().contains(name);
        boolean harmless = own && KnownFunctions.harmless(name) || ofUser;
        return harmless && !catalogue.volatileFunctions().contains(name) ? "" : "calls " + schema + "." + name;
    }

    private static String sampling(JsonNode names) {
        String name = names.path(names.size() - 1).path("String").path("sval").asString("");
        return name.equals("bernoulli") || name.equals("system") ? "" : "samples by " + name;
    }

    private static boolean analyzes(JsonNode explain) {
        boolean analyzes = false;
        for (JsonNode option : explain.path("options")) {
            JsonNode element = option.path("DefElem");
            if (element.path("defname").asString("").equals("analyze")) {
                String value = element.path("arg").path("String").path("sval").asString("");
                analyzes = !Set.of("false", "off").contains(value.toLowerCase(Locale.ROOT));
            }
        }
        return analyzes;
    }

    private static String type(JsonNode statement) {
        return statement.properties().stream().map(Map.Entry::getKey).findFirst().orElse("");
    }
}
