package dev.banyan.engines;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** What happened to a supervised process, in the order it happened; {@link #sentence()} is for people. */
public sealed interface ProcessEvent {
    /** The process' name, as {@code web-1}. */
    String name();

    String sentence();

    /**
     * It runs.
     *
     * @param again whether it ran before and ended by itself
     */
    record Started(String name, long pid, boolean again) implements ProcessEvent {
        @Override
        public String sentence() {
            return name + " started" + (again ? " again" : "") + " as process " + pid;
        }
    }

    /**
     * It ended without having been told to.
     *
     * @param code what the system reports: the exit code, or 128 plus the signal that killed it
     * @param ran how long it had run
     * @param because what its last words mean, with the next step; empty when they say nothing that is known
     */
    record Exited(String name, int code, Duration ran, Optional<String> because) implements ProcessEvent {
        @Override
        public String sentence() {
            String how = code > 128 && code < 160 ? "was killed by signal " + (code - 128) : "exited with code " + code;
            return String.format(Locale.ROOT, "%s %s after %.1f s%s", name, how, ran.toMillis() / 1000.0, because.map(reason -> ": " + reason).orElse(""));
        }
    }

    /**
     * It will be started again.
     *
     * @param after how it ended
     * @param in how long Banyan waits before
     * @param attempt 1 for the first restart in a row
     */
    record Restarting(String name, Exited after, Duration in, int attempt) implements ProcessEvent {
        @Override
        public String sentence() {
            return String.format(Locale.ROOT, "%s restarts in %d ms (attempt %d)", name, in.toMillis(), attempt);
        }
    }

    /**
     * It was told to end, and it and everything below it have ended.
     *
     * @param killed whether it had to be killed because its stop timeout had passed
     */
    record Stopped(String name, boolean killed) implements ProcessEvent {
        @Override
        public String sentence() {
            return name + (killed ? " was killed: it did not end within its stop timeout" : " stopped");
        }
    }

    /**
     * It and everything below it were killed at once, so that it cannot do anything any more.
     *
     * @param processes how many there still were
     */
    record Killed(String name, int processes) implements ProcessEvent {
        @Override
        public String sentence() {
            return name + " was fenced: " + switch (processes) {
                case 0 -> "it had ended already";
                case 1 -> "its last process was killed";
                default -> "all of its " + processes + " processes were killed";
            };
        }
    }

    /** Something else that was done about it, in words. */
    record Noted(String name, String sentence) implements ProcessEvent {}
}
