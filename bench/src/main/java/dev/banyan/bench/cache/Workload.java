package dev.banyan.bench.cache;

import java.util.Arrays;
import java.util.List;

/**
 * What the clients do.
 *
 * @param generator who makes the commands
 * @param pipeline commands that a client sends before it waits for their answers
 */
record Workload(Generator generator, int pipeline) {
    /** Of a client that waits for each answer, and of one that does not. */
    private static final List<Integer> PIPELINES = List.of(1, 16);

    /** Who makes the commands, and of which keys. */
    enum Generator {
        /** redis-benchmark: reads, all keys alike. */
        GET,
        /** redis-benchmark: writes, all keys alike. */
        SET,
        /** Reads whose keys follow a Zipf law: the hottest of 100,000 gets a twelfth of them. */
        ZIPF,
        /** Reads of a few keys, so that each is hot: hits of the near cache where there is one. */
        HOT
    }

    static List<Workload> all() {
        return Arrays.stream(Generator.values()).flatMap(generator -> PIPELINES.stream().map(pipeline -> new Workload(generator, pipeline))).toList();
    }

    /** For tables: {@code get p16}. */
    String words() {
        return generator.name().toLowerCase(java.util.Locale.ROOT) + " p" + pipeline;
    }
}
