package dev.banyan.control;

import dev.banyan.topology.Application;
import dev.banyan.topology.HostPort;
import java.util.Optional;

/**
 * One application process as control sees it.
 *
 * @param application what it was started as; a restart starts the same
 * @param cached whether it was told of the cache when it was started
 * @param address where it listens; the same after a restart; empty until it is first started
 */
public record Instance(InstanceName name, Application application, boolean cached, Optional<HostPort> address, State state) {
    /** Where an instance is in its life. */
    public enum State {
        /** Its process runs and gets no requests yet. */
        STARTING,
        /** It gets requests. */
        SERVING,
        /** It runs, and gets no requests because a person said so. */
        SET_ASIDE,
        /** It gets no new requests; those in flight end. */
        DRAINING,
        /** It only carries upgraded connections, as WebSockets, to their end. */
        LINGERING,
        /** Its process died; another is on its way. */
        RESTARTING,
        /** Its process died and none takes its place. */
        ENDED;

        /** Whether it counts as one of the wanted instances: it serves, or can again. */
        public boolean holdsItsSlot() {
            return switch (this) {
                case STARTING, SERVING, SET_ASIDE, RESTARTING -> true;
                case DRAINING, LINGERING, ENDED -> false;
            };
        }
    }

    Instance in(State next) {
        return new Instance(name, application, cached, address, next);
    }

    Instance at(HostPort where) {
        return new Instance(name, application, cached, Optional.of(where), state);
    }
}
