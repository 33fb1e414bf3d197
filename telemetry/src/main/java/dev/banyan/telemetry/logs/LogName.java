package dev.banyan.telemetry.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Whose log it is: {@code web-1} has {@code web-1.log} and what was turned away before it, {@code web-1.log.1} and on.
 *
 * @param tier where it belongs
 */
record LogName(String name, String tier) {
    private static final Pattern FILE = Pattern.compile("(.+)\\.log(\\.[0-9])?");
    private static final int OLDEST = 9;

    /** All there are, sorted. Only plain files of the folder itself: what is a link, or lies elsewhere, is no log. */
    static List<LogName> in(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).map(file -> FILE.matcher(file.getFileName().toString())).filter(Matcher::matches)
                    .map(match -> match.group(1)).distinct().sorted().map(LogName::of).toList();
        }
    }

    static LogName of(String name) {
        return new LogName(name, switch (name) {
            case "banyan" -> "banyan";
            case "access" -> "access";
            case String other when other.startsWith("access-") || other.matches("edge-[0-9]+|shield") -> "edges";
            case String other when other.matches("db-[0-9]+") -> "database";
            case String other when other.matches("cache-[0-9]+") -> "cache";
            default -> "application";
        });
    }

    /** Its files, the newest first. */
    List<Path> files(Path folder) {
        return Stream.concat(Stream.of(folder.resolve(name + ".log")), IntStream.rangeClosed(1, OLDEST).mapToObj(i -> folder.resolve(name + ".log." + i)))
                .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).toList();
    }
}
