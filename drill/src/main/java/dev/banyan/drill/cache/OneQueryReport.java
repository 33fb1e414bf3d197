package dev.banyan.drill.cache;

import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@link OneQueryCheck} found.
 *
 * @param misses how often the key was asked for
 * @param connections over how many connections at once
 * @param right answers that were the value
 * @param looks how often PostgreSQL looked into the table meanwhile
 * @param millis from the first question to the last answer
 */
public record OneQueryReport(String prefix, int misses, int connections, long right, long looks, double millis) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    public boolean passed() {
        return right == misses && looks == 1;
    }

    /** A table to read. */
    public String table() {
        return String.format(Locale.ROOT, "%s: one key of %s that was not in the cache, asked for %,d times over %,d connections at once: %,d right answers in %.0f ms, %,d queries%n",
                passed() ? "held" : "DID NOT HOLD", prefix, misses, connections, right, millis, looks);
    }

    /** One JSON object; keys are added, never renamed. */
    public ObjectNode json() {
        return JSON.createObjectNode().put("prefix", prefix).put("misses", misses).put("connections", connections).put("right", right).put("queries", looks).put("ms", millis)
                .put("passed", passed());
    }
}
