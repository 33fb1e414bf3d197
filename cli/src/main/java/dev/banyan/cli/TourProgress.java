package dev.banyan.cli;

import dev.banyan.drill.tour.Phase;
import dev.banyan.drill.tour.TourPlan.Leg;
import java.util.Locale;

/**
 * How far a tour is: on a terminal one line that is written over each second, elsewhere a line when a step begins and one when it is over. Safe for any thread.
 */
final class TourProgress {
    private final Terminal terminal;
    private long requests;
    private long failed;

    TourProgress(Terminal terminal) {
        this.terminal = terminal;
    }

    synchronized void begun(Leg leg, double atS) {
        now(leg, atS, 0, 0);
    }

    /** So many more requests ended, and so many of them failed. */
    synchronized void now(Leg leg, double atS, long more, long moreFailed) {
        requests += more;
        failed += moreFailed;
        if (terminal.colours()) {
            terminal.err().print("\r\u001b[K" + line(leg, atS));
            terminal.err().flush();
        }
    }

    /** A step is over. */
    synchronized void over(Leg leg, Phase phase) {
        if (terminal.colours()) {
            terminal.err().print("\r\u001b[K");
        }
        String state = phase.problem().isEmpty() ? phase.failed() == 0 ? terminal.green("done  ") : phase.step().planned() ? terminal.red("failed") : "done  " : terminal.red("failed");
        terminal.progress(state + " " + line(leg, phase.toS()) + terminal.faint(String.format(Locale.ROOT, "  took %.1f s", phase.seconds())) + drill(phase));
    }

    private static String drill(Phase phase) {
        return phase.drill().map(drill -> drill.passed() ? "  held" : "  DID NOT HOLD").orElse("");
    }

    private String line(Leg leg, double atS) {
        long whole = (long) atS;
        return String.format(Locale.ROOT, "%2d:%02d  stage %d  %-36s %,8d requests  %,d failed", whole / 60, whole % 60, leg.stage().number(), leg.step().title(), requests, failed);
    }
}
