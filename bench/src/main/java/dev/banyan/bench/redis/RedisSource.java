package dev.banyan.bench.redis;

import dev.banyan.bench.bed.TestBed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Redis's source, for its tests: Debian's, by apt with lists of its own, unpacked once.
 *
 * @param folder with {@code tests/test_helper.tcl} in it
 */
record RedisSource(Path folder) {
    static final String VERSION = "7.0.15";
    private static final String SUITE = "tests/test_helper.tcl";
    private static final String SOURCES = """
            deb-src http://deb.debian.org/debian bookworm main
            deb-src http://deb.debian.org/debian-security bookworm-security main
            """;

    /** The user's own copy. */
    static RedisSource at(Path folder) {
        if (!Files.exists(folder.resolve(SUITE))) {
            throw new IllegalArgumentException(folder + " is not Redis's source: it lacks " + SUITE);
        }
        return new RedisSource(folder);
    }

    /** Makes it ready in this folder; what is there already is used. Needs the network and apt the first time. */
    static RedisSource in(TestBed bed, Path home) throws IOException, InterruptedException {
        Path ready = home.resolve("redis-" + VERSION);
        if (!Files.exists(ready)) {
            Path unfinished = Files.createDirectories(home.resolve("unfinished"));
            download(bed, unfinished);
            Path archive = only(unfinished, ".orig.tar.gz");
            run(bed, unfinished, List.of("tar", "-xzf", archive.toString()));
            Files.move(unfinished.resolve("redis-" + VERSION), ready);
        }
        return at(ready);
    }

    /** With lists beside the machine's own, which often lack the sources. */
    private static void download(TestBed bed, Path into) throws IOException, InterruptedException {
        Path lists = into.resolve("sources.list");
        Files.writeString(lists, SOURCES);
        Files.createDirectories(into.resolve("lists/partial"));
        Files.createDirectories(into.resolve("cache/archives/partial"));
        List<String> apt = List.of("apt-get", "-q", "-o", "Dir::Etc::SourceList=" + lists, "-o", "Dir::Etc::SourceParts=/nonexistent",
                "-o", "Dir::State::Lists=" + into.resolve("lists"), "-o", "Dir::Cache=" + into.resolve("cache"));
        run(bed, into, with(apt, "update"));
        run(bed, into, with(apt, "source", "--download-only", "redis"));
    }

    private static List<String> with(List<String> command, String... more) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(more));
        return all;
    }

    private static Path only(Path folder, String end) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(end)).findFirst()
                    .orElseThrow(() -> new IOException("apt-get left no file that ends in " + end + " in " + folder + "; name a copy of Redis's source with --source"));
        }
    }

    private static void run(TestBed bed, Path folder, List<String> command) throws IOException, InterruptedException {
        Process process = bed.start(new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true));
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + said + "; name a copy of Redis's source with --source");
        }
    }
}
