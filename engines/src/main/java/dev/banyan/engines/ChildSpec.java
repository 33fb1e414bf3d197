package dev.banyan.engines;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A process to run and keep running.
 *
 * @param name what logs, records and events call it, as {@code web-1}; unique in a state folder
 * @param command the program and its arguments
 * @param environment added to Banyan's own
 * @param directory where it works
 * @param stopTimeout how long it may take to end when asked, before it and everything below it are killed
 * @param beforeStart done before each start, restarts too
 * @param diagnosis says what its last lines mean when it has ended by itself, where that is known
 */
record ChildSpec(
        String name, List<String> command, Map<String, String> environment, Path directory, Duration stopTimeout, Runnable beforeStart,
        Function<List<String>, Optional<String>> diagnosis) {
    ChildSpec(String name, List<String> command, Map<String, String> environment, Path directory, Duration stopTimeout, Runnable beforeStart) {
        this(name, command, environment, directory, stopTimeout, beforeStart, lines -> Optional.empty());
    }

    ChildSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        if (!name.matches("[a-z0-9][a-z0-9.-]{0,99}")) {
            throw new IllegalArgumentException("a process' name is lower-case letters, digits, dots and hyphens, not '" + name + "'");
        }
    }

    /** Values may be secrets. */
    @Override
    public String toString() {
        return name + ": " + command.getFirst();
    }
}
