package dev.banyan.bench.bed;

import java.io.IOException;
import java.util.Optional;

/** A benchmark as a program: what it cannot do is a sentence on standard error and exit code 2. */
public final class Launch {
    private Launch() {}

    /** The benchmark, with its arguments. */
    public interface Benchmark<E extends Exception> {
        /** @throws IllegalArgumentException for arguments that cannot be used, with a sentence for the user */
        void run() throws IOException, InterruptedException, E;
    }

    /** @param obstacle why it cannot run on this machine, as a sentence with what to do */
    public static <E extends Exception> void run(Optional<String> obstacle, Benchmark<E> benchmark) throws IOException, InterruptedException, E {
        if (obstacle.isPresent()) {
            refuse(obstacle.get());
        }
        try {
            benchmark.run();
        } catch (IllegalArgumentException e) {
            refuse(e.getMessage());
        }
    }

    private static void refuse(String why) {
        System.err.println(why);
        System.exit(2);
    }
}
