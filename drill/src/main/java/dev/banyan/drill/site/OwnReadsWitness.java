package dev.banyan.drill.site;

import dev.banyan.drill.reads.OwnReads;

/** Whether a session's read missed its own write, through the address that applications have. */
final class OwnReadsWitness implements Witness {
    private final OwnReads reads;

    OwnReadsWitness(OwnReads reads) {
        this.reads = reads;
    }

    @Override
    public void look() {
        // Its sessions look by themselves.
    }

    @Override
    public Testimony testimony() {
        OwnReads.Seen seen = reads.seen();
        return new Testimony(seen.reads(), seen.stale(), seen.examples());
    }

    @Override
    public void close() {
        reads.close();
    }
}
