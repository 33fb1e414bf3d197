package dev.banyan.postgres;

import dev.banyan.postgres.wire.PostgresError;
import java.util.Locale;
import java.util.Set;

/** A text that a client sends to the virtual database. */
sealed interface AdminQuestion {
    record Show(AdminTopic topic) implements AdminQuestion {}

    /** What drivers say by themselves (SET, BEGIN and the like): it is answered, and changes nothing. */
    record Ignored(String tag) implements AdminQuestion {}

    record Empty() implements AdminQuestion {}

    record Unknown(PostgresError why) implements AdminQuestion {}

    Set<String> IGNORED = Set.of("SET", "RESET", "BEGIN", "COMMIT", "ROLLBACK", "DEALLOCATE");

    static AdminQuestion of(String text) {
        String[] words = text.strip().replaceAll("[;\\s]+$", "").split("\\s+");
        String first = words[0].toUpperCase(Locale.ROOT);
        if (first.isEmpty()) {
            return new Empty();
        }
        if (IGNORED.contains(first)) {
            return new Ignored(first);
        }
        if (first.equals("DISCARD") && words.length == 2) {
            return new Ignored("DISCARD " + words[1].toUpperCase(Locale.ROOT));
        }
        if (first.equals("SHOW") && words.length == 2) {
            var topic = AdminTopic.named(words[1]);
            if (topic.isPresent()) {
                return new Show(topic.get());
            }
        }
        return new Unknown(new PostgresError(PostgresError.Severity.ERROR, "42601", "the database 'banyan' is the router's own, and only answers " + AdminTopic.all(), "",
                "connect to your own database for anything else"));
    }
}
