package dev.banyan.engines;

/** Hears how far a copy is, once a MiB and at its end, on the thread that copies: it should be quick. */
@FunctionalInterface
public interface Progress {
    Progress NONE = (copied, expected) -> {};

    /**
     * More is there.
     *
     * @param copied bytes so far
     * @param expected bytes in all, as estimated before; the log that is written meanwhile comes on top
     */
    void copied(long copied, long expected);
}
