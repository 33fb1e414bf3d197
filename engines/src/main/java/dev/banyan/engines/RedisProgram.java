package dev.banyan.engines;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which Redis is run: the one that Banyan brings, or a newer Redis or Valkey of the PATH.
 *
 * @param path the program
 * @param product {@code Redis} or {@code Valkey}
 * @param version as {@code 7.0.15}
 * @param why the choice, in words
 */
record RedisProgram(Path path, String product, String version, String why) {
    private static final List<String> NAMES = List.of("valkey-server", "redis-server");
    private static final Pattern VERSION = Pattern.compile("(?i)\\b(redis|valkey) server v=([0-9]+(?:\\.[0-9]+)*)");

    /** A program that was found. */
    private record Found(Path path, String product, String version) {}

    /**
     * Chooses.
     *
     * @param folders of the PATH, in its order
     * @param tool asks a program for its version
     */
    static RedisProgram choose(StateFolder home, List<Path> folders, Tool tool) {
        Optional<Found> newest = found(folders, tool).stream().max(Comparator.comparing(Found::version, RedisProgram::compare));
        if (newest.isPresent() && (!RedisBinary.isThere() || compare(newest.get().version, RedisBinary.VERSION) > 0)) {
            Found taken = newest.get();
            return new RedisProgram(taken.path, taken.product, taken.version, RedisBinary.isThere()
                    ? "it is newer than the Redis " + RedisBinary.VERSION + " that Banyan brings" : "Banyan brings no Redis for this system");
        }
        String why = newest.map(found -> "the PATH's " + found.path + " is " + found.version + ", which is not newer").orElse("the PATH has neither valkey-server nor redis-server");
        return new RedisProgram(RedisBinary.unpack(home).file(), "Redis", RedisBinary.VERSION, why);
    }

    /** The folders of this process' PATH. */
    static List<Path> pathFolders() {
        return Arrays.stream(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":")).filter(folder -> folder.startsWith("/")).map(Path::of).toList();
    }

    private static List<Found> found(List<Path> folders, Tool tool) {
        List<Found> all = new ArrayList<>();
        for (String name : NAMES) {
            folders.stream().map(folder -> folder.resolve(name)).filter(Files::isExecutable).findFirst().flatMap(program -> asked(program, tool)).ifPresent(all::add);
        }
        return all;
    }

    /** Empty when it does not say what it is. */
    private static Optional<Found> asked(Path program, Tool tool) {
        int code = tool.exitCode(program + " --version", List.of(program.toString(), "--version"), "");
        Matcher said = VERSION.matcher(tool.lastLines());
        return code == 0 && said.find()
                ? Optional.of(new Found(program, said.group(1).equalsIgnoreCase("valkey") ? "Valkey" : "Redis", said.group(2)))
                : Optional.empty();
    }

    /** By the numbers, the first first. */
    static int compare(String one, String other) {
        return Arrays.compare(numbers(one), numbers(other));
    }

    private static int[] numbers(String version) {
        return Arrays.stream(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
    }

    @Override
    public String toString() {
        return product + " " + version + " (" + path + ")";
    }
}
