package dev.banyan.control;

import dev.banyan.control.Commitment.Wish;
import dev.banyan.topology.Topology;

/** What an edited site file asks of a running site. Pure. */
final class Edited {
    private Edited() {}

    /** An edited stage or number of instances wins; an unedited one leaves the site at the stage it has grown to. */
    static Wanted from(Wanted running, Topology file) {
        Wanted edited = Wanted.of(file);
        return Wish.of(file).equals(running.file()) ? edited.at(running.stage()) : edited;
    }
}
