package dev.banyan.postgres;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a statement is called in metrics and spans ({@code db.operation.name}): its first word, where it is one of a known few. */
enum Operation {
    SELECT,
    INSERT,
    UPDATE,
    DELETE,
    MERGE,
    /** What follows it may do anything. */
    WITH,
    VALUES,
    CALL,
    COPY,
    BEGIN,
    COMMIT,
    ROLLBACK,
    SAVEPOINT,
    SET,
    SHOW,
    CREATE,
    ALTER,
    DROP,
    TRUNCATE,
    LISTEN,
    NOTIFY,
    FETCH,
    EXPLAIN,
    VACUUM,
    ANALYZE,
    /** All else, several in one text, and what was not read. */
    OTHER;

    private static final Map<String, Operation> BY_WORD = Arrays.stream(values()).filter(one -> one != OTHER).collect(Collectors.toMap(Enum::name, one -> one));
    private static final int LONGEST = 10;

    private final String word = name().equals("OTHER") ? "_OTHER" : name();

    /** As OpenTelemetry writes it. */
    String word() {
        return word;
    }

    /** Of a statement's text without its literals. */
    static Operation of(String text) {
        int end = 0;
        while (end < text.length() && end <= LONGEST && Character.isLetter(text.charAt(end))) {
            end++;
        }
        return BY_WORD.getOrDefault(text.substring(0, end).toUpperCase(Locale.ROOT), OTHER);
    }
}
