package dev.banyan.topology.file;

import java.util.regex.Pattern;

/** What YAML takes a scalar for (YAML 1.2.2, 10.3 core schema), and the type of the JSON schema that is the same. */
enum ScalarKind {
    TEXT("a text", "string"),
    WHOLE("a number", "integer"),
    REAL("a number", "number"),
    TRUTH("true or false", "boolean"),
    NOTHING("empty", "null");

    private static final Pattern WHOLE_FORM = Pattern.compile("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+");
    private static final Pattern REAL_FORM =
            Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");
    private static final Pattern TRUTH_FORM = Pattern.compile("true|True|TRUE|false|False|FALSE");
    private static final Pattern NOTHING_FORM = Pattern.compile("|~|null|Null|NULL");

    private final String noun;
    private final String schemaType;

    ScalarKind(String noun, String schemaType) {
        this.noun = noun;
        this.schemaType = schemaType;
    }

    static ScalarKind ofPlain(String text) {
        if (NOTHING_FORM.matcher(text).matches()) {
            return NOTHING;
        }
        if (TRUTH_FORM.matcher(text).matches()) {
            return TRUTH;
        }
        if (WHOLE_FORM.matcher(text).matches()) {
            return WHOLE;
        }
        return REAL_FORM.matcher(text).matches() ? REAL : TEXT;
    }

    String noun() {
        return noun;
    }

    String schemaType() {
        return schemaType;
    }
}
