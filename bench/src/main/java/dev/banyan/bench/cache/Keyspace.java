package dev.banyan.bench.cache;

import java.io.IOException;

/**
 * The keys that are read and written, as redis-benchmark names them: {@code key:000000000000} and on.
 *
 * @param keys how many
 * @param valueBytes of each value
 */
record Keyspace(int keys, int valueBytes) {
    private static final int BATCH = 500;

    static String key(int index) {
        String digits = Integer.toString(index);
        return "key:" + "0".repeat(12 - digits.length()) + digits;
    }

    /** Writes every key. */
    void fill(RedisConnection server) throws IOException {
        String value = "x".repeat(valueBytes);
        for (int from = 0; from < keys; from += BATCH) {
            int to = Math.min(keys, from + BATCH);
            for (int i = from; i < to; i++) {
                server.send("SET", key(i), value);
            }
            for (int i = from; i < to; i++) {
                server.answer();
            }
        }
    }
}
