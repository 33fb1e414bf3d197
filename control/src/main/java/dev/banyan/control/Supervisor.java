package dev.banyan.control;

import dev.banyan.control.Instance.State;
import dev.banyan.topology.Application;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import java.time.Duration;
import java.util.Optional;

/**
 * Keeps the front door and the processes in step when a process ends by itself: it leaves the front door at once, before any health check
 * sees it, and once it runs again it gets requests only when it is healthy. Each act is a Decision. Guarded by the roster's monitor.
 */
final class Supervisor {
    private final Roster roster;
    private final Ports ports;

    Supervisor(Roster roster, Ports ports) {
        this.roster = roster;
        this.ports = ports;
    }

    /** Starts a process for an instance and watches it. */
    HostPort start(InstanceName name, Application application, boolean cached) {
        return ports.instances().start(name, application, cached, new Instances.Watcher() {
            @Override
            public void ended(String how, Duration again, int inARow) {
                Supervisor.this.ended(name, how, again, inARow);
            }

            @Override
            public void startedAgain() {
                ports.later().after(Duration.ZERO, () -> welcome(name));
            }
        });
    }

    /** Brings an instance back that ended while it was on its way out, and is needed after all. */
    void revive(InstanceName name) {
        roster.set(name, State.RESTARTING);
        ports.decide("restart " + name, "it is needed after all", others());
        ports.later().after(Duration.ZERO, () -> startOver(name));
    }

    private void ended(InstanceName name, String how, Duration again, int inARow) {
        synchronized (roster) {
            ports.door().remove(name.service(), name.toString());
            switch (roster.state(name)) {
                case SERVING, RESTARTING -> {
                    roster.set(name, State.RESTARTING);
                    ports.decide("restart " + name + " in " + Told.time(again), how, others() + "; restart " + inARow + " in a row");
                }
                case SET_ASIDE -> { /* engines starts it again; it stays set aside */ }
                case STARTING -> roster.set(name, State.ENDED);
                case DRAINING, LINGERING, ENDED -> {
                    roster.set(name, State.ENDED);
                    ports.later().after(Duration.ZERO, () -> ports.instances().stop(name));
                }
            }
        }
    }

    /** Waits for its health, then lets it have requests; gives up quietly when it is no longer wanted or ends again. */
    private void welcome(InstanceName name) {
        if (roster.state(name) != State.RESTARTING) {
            return;
        }
        try {
            ports.instances().awaitHealthy(name);
            serve(name);
        } catch (BanyanException e) {
            if (e.code() == ErrorCode.TIMED_OUT && roster.state(name) == State.RESTARTING) {
                ports.decide("start " + name + " over", e.getMessage().lines().findFirst().orElse(""), others());
                startOver(name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void startOver(InstanceName name) {
        ports.instances().stop(name);
        Optional<Instance> wanted = roster.now().instance(name).filter(i -> i.state() == State.RESTARTING);
        if (wanted.isEmpty()) {
            return;
        }
        HostPort address = start(name, wanted.get().application(), wanted.get().cached());
        roster.change(was -> was.instance(name).map(i -> was.with(i.at(address))).orElse(was));
        welcome(name);
    }

    private void serve(InstanceName name) {
        synchronized (roster) {
            if (roster.state(name) == State.RESTARTING) {
                roster.set(name, State.SERVING);
                ports.door().add(name.service(), name.toString(), roster.now().instance(name).flatMap(Instance::address).orElseThrow(), 1, true);
                ports.decide("send requests to " + name + " again", "it answers its health path", others());
            }
        }
    }

    private String others() {
        return Told.count(roster.now().serving(), "instance") + " serving";
    }
}
