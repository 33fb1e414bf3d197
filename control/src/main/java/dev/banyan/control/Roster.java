package dev.banyan.control;

import java.util.function.UnaryOperator;

/**
 * What runs, for all who change it. Guarded by its own monitor: hold it ({@code synchronized (roster)}) when a look and the change, or a
 * change and the call to the front door that belongs to it, must be one. Snapshots are immutable and free to read.
 */
final class Roster {
    private volatile Observed now = Observed.NOTHING;

    Observed now() {
        return now;
    }

    synchronized void change(UnaryOperator<Observed> how) {
        now = how.apply(now);
    }

    /** The state of an instance; ENDED when there is none of this name. */
    Instance.State state(InstanceName name) {
        return now.instance(name).map(Instance::state).orElse(Instance.State.ENDED);
    }

    void put(Instance instance) {
        change(was -> was.with(instance));
    }

    void set(InstanceName name, Instance.State state) {
        change(was -> was.instance(name).map(i -> was.with(i.in(state))).orElse(was));
    }

    void remove(InstanceName name) {
        change(was -> was.without(name));
    }
}
