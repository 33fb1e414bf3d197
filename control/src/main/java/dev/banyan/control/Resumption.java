package dev.banyan.control;

import dev.banyan.control.Commitment.Wish;
import dev.banyan.topology.Topology;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Which stage a site comes up at, after a stop or a crash. The site file says what is wanted at first; {@code grow} and {@code shrink} change
 * the running site and are remembered, until {@code stage} or {@code instances} in the file is edited: then the file wins again. A move
 * that was cut short goes on when it had committed, and back when it had not.
 *
 * @param wanted what to bring up
 * @param why why it is not simply what the file says; empty when it is
 */
record Resumption(Wanted wanted, Optional<Reason> why) {
    /** The words of the decision. */
    record Reason(String what, String why, String seen) {}

    /** Decides from the site file and what the journal remembers. Pure. */
    static Resumption of(Topology file, Remembered remembered) {
        Wanted asFile = Wanted.of(file);
        if (remembered.last().isEmpty()) {
            return new Resumption(asFile, remembered.cutShort().map(cut -> new Reason(
                    "start again at stage " + file.stage().number(), "the first start was cut short", cut.toString())));
        }
        Commitment last = remembered.last().get();
        if (!last.file().equals(Wish.of(file))) {
            return new Resumption(asFile, Optional.of(new Reason("come up at stage " + file.stage().number() + " of the site file",
                    "the site file was edited since: it said " + last.file() + ", now " + Wish.of(file),
                    "stage " + last.stage().number() + " ran last, since " + last.at().truncatedTo(ChronoUnit.SECONDS))));
        }
        return new Resumption(asFile.at(last.stage()), reason(file, last, remembered));
    }

    private static Optional<Reason> reason(Topology file, Commitment last, Remembered remembered) {
        String stage = "stage " + last.stage().number();
        if (remembered.cutShort().isPresent()) {
            Remembered.CutShort cut = remembered.cutShort().get();
            String way = cut.committed() ? "go on to " + stage : "go back to " + stage;
            return Optional.of(new Reason(way, "the last move was cut short " + (cut.committed() ? "after" : "before") + " it committed",
                    cut.toString()));
        }
        if (last.stage() == file.stage()) {
            return Optional.empty();
        }
        return Optional.of(new Reason("come back at " + stage,
                "it ran there last, and the site file was not edited since (it says " + last.file() + ")",
                "the journal: " + stage + " since " + last.at().truncatedTo(ChronoUnit.SECONDS)));
    }
}
