package dev.banyan.bench.pgjdbc;

import dev.banyan.bench.bed.TestBed;
import dev.banyan.topology.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs the tests class by class in one JVM. A class that says nothing for more than three minutes is counted as hung, and the rest is run without it: one hang
 * shall not hide what the other classes would say.
 */
final class SuiteRun {
    private static final String SUREFIRE = "org.apache.maven.plugins:maven-surefire-plugin:2.22.2:test";
    private static final String USUAL_TESTS = "*Test,Test*,*Tests,*TestCase";
    /** Waits for an address outside of this machine that shall not answer, and tests nothing but the driver. */
    private static final String OUTSIDE = "!org.postgresql.test.jdbc2.ConnectTimeoutTest";
    private static final long STALLED_SECONDS = 200;
    private static final String BEGUN = "[INFO] Running ";

    private final TestBed bed;
    private final TestSource source;
    private final HostPort at;
    private final Path reports;
    private final Set<String> hung = new LinkedHashSet<>();

    /** @param reports where a file for each class goes; classes that have one already are not run */
    SuiteRun(TestBed bed, TestSource source, HostPort at, Path reports) {
        this.bed = bed;
        this.source = source;
        this.at = at;
        this.reports = reports;
    }

    /**
     * Runs what is to run until all is done or the time is over.
     *
     * @param tests Maven's patterns with commas between, as {@code org.postgresql.test.jdbc2.*Test}; empty for all
     * @return the classes that hung
     */
    Set<String> run(String tests, long seconds) throws IOException, InterruptedException {
        Files.createDirectories(reports);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        boolean again = true;
        for (int part = 1; again; part++) {
            again = runPart(tests.isEmpty() ? USUAL_TESTS : tests, reports.resolve("run-" + part + ".log"), end);
        }
        return hung;
    }

    /** @return whether a class hung and was skipped, so that there may be more to run */
    private boolean runPart(String tests, Path log, long end) throws IOException, InterruptedException {
        Process process = new Maven(bed, source.folder()).start(log, List.of(
                SUREFIRE, "-Dtest=" + selection(tests), "-DfailIfNoTests=false", "-Dmaven.test.failure.ignore=true", "-D" + TestSource.REPORTS + "=" + reports,
                "-Dtest.url.PGHOST=" + at.host(), "-Dtest.url.PGPORT=" + at.port(), "-DprivilegedPassword=" + SuiteServer.PRIVILEGED,
                // No second server listens here: the tests for several hosts are skipped, as they are by default.
                "-DsecondaryPort1=1", "-DsecondaryPort2=1"));
        long size = 0;
        long grownAt = System.nanoTime();
        while (!process.waitFor(1, TimeUnit.SECONDS)) {
            long now = System.nanoTime();
            if (Files.size(log) != size) {
                size = Files.size(log);
                grownAt = now;
            }
            boolean stalled = now - grownAt > TimeUnit.SECONDS.toNanos(STALLED_SECONDS);
            if (stalled || now > end) {
                TestBed.end(process);
                String last = lastBegun(log);
                hung.add(last);
                System.err.println(last + (stalled ? " said nothing for " + STALLED_SECONDS + " s; going on without it" : " was running when the time was over"));
                return stalled && !last.isEmpty();
            }
        }
        if (process.exitValue() != 0) {
            throw new IOException("the tests could not be run; Maven's output is in " + log);
        }
        return false;
    }

    /** The patterns, less the classes that have a report or hung. */
    private String selection(String tests) throws IOException {
        List<String> parts = new ArrayList<>(List.of(tests, OUTSIDE));
        try (Stream<Path> files = Files.list(reports)) {
            files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith("TEST-") && name.endsWith(".xml"))
                    .map(name -> "!" + name.substring("TEST-".length(), name.length() - ".xml".length())).sorted().forEach(parts::add);
        }
        hung.forEach(name -> parts.add("!" + name));
        return String.join(",", parts);
    }

    private static String lastBegun(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.startsWith(BEGUN)).map(line -> line.substring(BEGUN.length()).strip()).reduce("", (_, later) -> later);
        }
    }
}
