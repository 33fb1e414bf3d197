package dev.banyan.bench.pgjdbc;

import dev.banyan.bench.bed.TestBed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * pgjdbc's source and tests from Maven Central, unpacked and compiled once: the artifact that Linux distributions build their packages from, a
 * Maven project by itself.
 *
 * @param folder where its pom.xml is
 */
record TestSource(Path folder) {
    static final String VERSION = "42.7.7";
    static final String REPORTS = "banyan.reports";

    private static final String NAME = "postgresql-" + VERSION + "-jdbc-src";
    private static final String ARTIFACT = "org.postgresql:postgresql:" + VERSION + ":tar.gz:jdbc-src";

    private static final String LAUNCHER =
            "<dependency><groupId>org.junit.platform</groupId><artifactId>junit-platform-launcher</artifactId><version>1.12.2</version><scope>test</scope></dependency>";

    /** Makes it ready in this folder; what is there already is used. Needs the network the first time. */
    static TestSource in(TestBed bed, Path home) throws IOException, InterruptedException {
        Path ready = home.resolve(NAME);
        if (!Files.exists(ready)) {
            Files.createDirectories(home);
            Maven maven = new Maven(bed, home);
            maven.run(home.resolve("copy.log"), List.of(
                    "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy", "-Dartifact=" + ARTIFACT, "-DoutputDirectory=" + home));
            Path unfinished = Files.createDirectories(home.resolve("unfinished"));
            unpack(bed, home.resolve(NAME + ".tar.gz"), unfinished);
            Path source = unfinished.resolve(NAME);
            prepare(source.resolve("pom.xml"));
            new Maven(bed, source).run(home.resolve("compile.log"), List.of("test-compile", "-DskipShadeDependencies"));
            Files.move(source, ready, StandardCopyOption.ATOMIC_MOVE);
        }
        return new TestSource(ready);
    }

    private static void unpack(TestBed bed, Path archive, Path into) throws IOException, InterruptedException {
        Process tar = bed.start(new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", into.toString()).inheritIO());
        if (tar.waitFor() != 0) {
            throw new IOException("tar cannot unpack " + archive + "; delete it and try again");
        }
    }

    /**
     * Surefire finds no JUnit 5 test without a launcher of the same version as its engine, and goes on without a word but a warning: half of the
     * tests would not be run. A test that hangs, as behind a router with a fault, is given up after two minutes and its thread left: reading a socket cannot be interrupted.
     * Reports of runs against several servers go to folders of their own.
     */
    private static void prepare(Path pom) throws IOException {
        String text = Files.readString(pom);
        text = replaced(text, "junit.jupiter.execution.timeout.default=5 m", "junit.jupiter.execution.timeout.default=120 s\njunit.jupiter.execution.timeout.thread.mode.default=SEPARATE_THREAD");
        text = replaced(text, "<argLine>-Xmx1536m</argLine>", "<argLine>-Xmx1536m</argLine><reportsDirectory>${" + REPORTS + "}</reportsDirectory>");
        text = replaced(text, "</dependencies>", LAUNCHER + "</dependencies>");
        Files.writeString(pom, text);
    }

    private static String replaced(String text, String old, String by) throws IOException {
        if (!text.contains(old)) {
            throw new IOException("the pom.xml of " + ARTIFACT + " is not the one that is known: it lacks '" + old + "'");
        }
        return text.replace(old, by);
    }
}
