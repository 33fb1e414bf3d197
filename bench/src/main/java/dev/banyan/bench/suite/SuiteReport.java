package dev.banyan.bench.suite;

import java.util.List;

/**
 * What the tests of a suite said.
 *
 * @param run tests that were run, the skipped ones included
 * @param failures in the order in which they are told of
 */
public record SuiteReport(int run, int skipped, List<Failure> failures) {
    /**
     * A test that failed.
     *
     * @param test as {@code org.postgresql.test.jdbc2.BlobTest#large}; its class or unit alone when all of that hung; without white space
     * @param message the first line of what it said
     */
    public record Failure(String test, String message) {}

    public SuiteReport {
        failures = List.copyOf(failures);
    }
}
