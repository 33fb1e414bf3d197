package dev.banyan.console;

import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Faults of a made-up site: they begin and are lifted, and nothing breaks. */
final class LivingFaults implements Faults {
    private final Clock clock;
    private final List<Fault> active = new ArrayList<>();
    private final List<Fault> past = new ArrayList<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private long next = 1;

    LivingFaults(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized List<Fault> active() {
        return List.copyOf(active);
    }

    @Override
    public synchronized List<Fault> past() {
        return List.copyOf(past);
    }

    @Override
    public List<Possible> possible() {
        return List.of(new Possible("web-1", List.of(FaultKind.KILL, FaultKind.STOP)), new Possible("db-1", List.of(FaultKind.KILL, FaultKind.STOP, FaultKind.FULL_DISK)),
                new Possible("front-door>web-1", List.of(FaultKind.LATENCY, FaultKind.DROP, FaultKind.PARTITION)));
    }

    @Override
    public Fault inject(FaultOrder order, String who) {
        if (possible().stream().noneMatch(one -> one.target().equals(order.target()))) {
            throw new BanyanException(ErrorCode.NO_SUCH_THING, "there is no '" + order.target() + "'");
        }
        Fault fault;
        synchronized (this) {
            fault = new Fault(next++, order.kind(), order.target(), order.setting(), clock.now(), clock.now().plus(order.lasts()), Optional.empty(), who, Fault.State.ACTIVE,
                    "2 processes are stopped");
            active.add(fault);
        }
        listeners.forEach(Runnable::run);
        return fault;
    }

    @Override
    public Fault lift(long number, String who) {
        Fault over;
        synchronized (this) {
            Fault was = active.stream().filter(fault -> fault.number() == number).findFirst().orElseThrow(() -> new BanyanException(ErrorCode.NO_SUCH_THING, "there is no fault " + number));
            over = new Fault(number, was.kind(), was.target(), was.setting(), was.since(), was.until(), Optional.of(clock.now()), was.who(), Fault.State.LIFTED, was.sentence() + "; lifted by " + who);
            active.remove(was);
            past.add(over);
        }
        listeners.forEach(Runnable::run);
        return over;
    }

    @Override
    public Runnable listen(Runnable changed) {
        listeners.add(changed);
        return () -> listeners.remove(changed);
    }
}
