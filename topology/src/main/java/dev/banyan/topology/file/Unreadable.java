package dev.banyan.topology.file;

import dev.banyan.topology.Problem;

/** The file is no single YAML document within the limits, so that nothing more can be said about it than this. */
final class Unreadable extends RuntimeException {
    private final transient Problem problem;

    Unreadable(At at, String message) {
        super(message, null, false, false);
        this.problem = new Problem(at.line(), at.column(), "", message);
    }

    Problem problem() {
        return problem;
    }
}
