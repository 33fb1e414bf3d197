package dev.banyan.drill;

import java.io.PrintStream;
import java.util.function.Consumer;

/** Prints a line each second to a terminal, and each five seconds, or when something failed, to anything else. Owned by one thread. */
public final class ProgressLines implements Consumer<LoadProgress> {
    private static final int QUIET_SECONDS = 5;

    private final PrintStream to;
    private final boolean terminal;

    /** @param to usually standard error, so that standard output holds the report alone */
    public ProgressLines(PrintStream to, boolean terminal) {
        this.to = to;
        this.terminal = terminal;
    }

    @Override
    public void accept(LoadProgress progress) {
        boolean tell = switch (progress) {
            case LoadProgress.Joined joined -> joined.users() == joined.of();
            case LoadProgress.Second second -> second.failed() > 0 || second.second() % QUIET_SECONDS == 0;
        };
        if (terminal || tell) {
            to.println(progress.line());
        }
    }
}
