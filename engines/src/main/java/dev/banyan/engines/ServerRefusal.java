package dev.banyan.engines;

import java.io.IOException;

/** A PostgreSQL server said no. */
final class ServerRefusal extends IOException {
    private static final long serialVersionUID = 1;

    private final String state;

    /** The SQLSTATE (PostgreSQL's manual, appendix A), and what it said, on one line. */
    ServerRefusal(String state, String said) {
        super(said);
        this.state = state;
    }

    String state() {
        return state;
    }
}
