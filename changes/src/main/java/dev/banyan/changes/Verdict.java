package dev.banyan.changes;

import java.util.Optional;

/** What is to be done with the slot that is there, or is not. */
sealed interface Verdict {
    /** @param from the position to read on from */
    record Resume(long from) implements Verdict {}

    /** There is a gap: a new slot is needed. */
    record Renew(String why) implements Verdict {}

    /** It must be left alone. */
    record Refuse(String problem) implements Verdict {}

    /**
     * A place in a log.
     *
     * @param system the database system's identifier, the same on all standbys
     * @param timeline goes up with each promotion
     */
    record Place(String system, int timeline) {}

    /**
     * @param last where was read last in this process's life
     * @param told up to where all is told there
     * @param fork where the server's history left the timeline of {@code last}; empty when it never was on it, or still is
     */
    static Verdict on(String name, Optional<Slot> found, Place now, Optional<Place> last, long told, Optional<Long> fork) {
        if (found.isEmpty()) {
            return new Renew(last.isEmpty() ? "there is no slot " + name + ": this is the first start, or it was dropped meanwhile" : "slot " + name + " is gone");
        }
        Slot slot = found.get();
        if (!slot.pgoutput() || !slot.here()) {
            return new Refuse("slot " + name + (slot.pgoutput() ? " belongs to another database" : " is not of the plugin pgoutput") + ": it is somebody else's; drop it with SELECT pg_drop_replication_slot('" + name + "') if nobody needs it");
        }
        if (slot.isLost()) {
            return new Renew("slot " + name + " was invalidated by the server (" + (slot.invalid().isEmpty() ? "wal_status " + slot.walStatus() : slot.invalid()) + "): log it had not read was removed");
        }
        if (slot.activePid() != 0) {
            return new Refuse("slot " + name + " is read by process " + slot.activePid() + ": another Banyan, or a connection that is about to end");
        }
        return last.map(place -> goOn(name, slot, now, place, told, fork)).orElseGet(() -> begin(name, slot));
    }

    private static Verdict begin(String name, Slot slot) {
        return slot.synced() ? new Renew("slot " + name + " is a copy from before a promotion, and what was told then is not known here") : new Resume(slot.confirmed());
    }

    private static Verdict goOn(String name, Slot slot, Place now, Place last, long told, Optional<Long> fork) {
        if (!now.system().equals(last.system())) {
            return new Renew("the primary is another database system (" + now.system() + ", was " + last.system() + ")");
        }
        if (now.timeline() != last.timeline() && fork.isEmpty()) {
            return new Renew("the primary is on timeline " + now.timeline() + ", which does not come from timeline " + last.timeline());
        }
        if (now.timeline() != last.timeline() && fork.get() < told) {
            return new Renew("timeline " + now.timeline() + " began at " + Figures.show(fork.get()) + ", before " + Figures.show(told) + " up to which timeline " + last.timeline() + " was told");
        }
        if (slot.confirmed() > told) {
            return new Renew("slot " + name + " stands at " + Figures.show(slot.confirmed()) + ", past " + Figures.show(told) + " up to which was told: somebody made it anew or moved it on");
        }
        return new Resume(told);
    }
}
