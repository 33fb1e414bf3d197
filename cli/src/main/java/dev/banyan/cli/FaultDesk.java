package dev.banyan.cli;

import dev.banyan.console.Fault;
import dev.banyan.console.Fault.State;
import dev.banyan.console.FaultOrder;
import dev.banyan.console.Faults;
import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Durations;
import dev.banyan.topology.ErrorCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Keeps the book of what is broken on purpose: lets it begin within its bounds, ends it in time, and tells of both. What breaking is, its places know. Safe for any thread. */
final class FaultDesk implements Faults, AutoCloseable {
    private static final int KEPT = 20;
    /** How often it is looked whether something is whole again. */
    private static final Duration LOOK = Duration.ofMillis(250);

    private final Supplier<List<FaultPlace>> places;
    private final FaultNotes notes;
    private final SiteEdges.Later later;
    private final SiteEdges.Announce announce;
    private final Clock clock;
    private final Map<Long, Live> active = new LinkedHashMap<>();
    private final Deque<Fault> past = new ArrayDeque<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private long next = 1;
    private boolean closed;

    private record Live(Fault fault, String scope, FaultPlace.Broken broken, long began) {}

    /** @param places all that there are now */
    FaultDesk(Supplier<List<FaultPlace>> places, FaultNotes notes, SiteEdges.Later later, SiteEdges.Announce announce, Clock clock) {
        this.places = places;
        this.notes = notes;
        this.later = later;
        this.announce = announce;
        this.clock = clock;
    }

    /** Undoes what a killed Banyan had broken; before the processes that it left are ended, for one that is stopped would not hear of it. */
    static void undoLeft(Ground ground) {
        for (FaultNotes.Note left : new FaultNotes(ground.folder()).takeLeft()) {
            ServerFaults.undoLeft(ground.folder(), left.target());
            ground.announce("end the fault " + left.kind() + " " + left.target(), "Banyan was killed before it had undone it", "processes of " + ground.folder());
        }
    }

    @Override
    public synchronized List<Fault> active() {
        return active.values().stream().map(Live::fault).toList();
    }

    @Override
    public synchronized List<Fault> past() {
        return List.copyOf(past);
    }

    @Override
    public List<Possible> possible() {
        return places.get().stream().filter(FaultPlace::runs).map(place -> new Possible(place.target(), place.kinds())).filter(possible -> !possible.kinds().isEmpty()).toList();
    }

    @Override
    public Fault inject(FaultOrder order, String who) {
        FaultPlace place = find(order);
        Live begun = begin(place, order, who);
        long number = begun.fault.number();
        // First of all its end: whatever fails after that, the fault does not last.
        later.after(order.lasts(), () -> end(number, State.EXPIRED, "its " + Durations.format(order.lasts()) + " were over"));
        later.after(LOOK, () -> look(number));
        announce.decided("inject fault " + number + ": " + begun.fault.title(), "asked for by " + who + ", for " + Durations.format(order.lasts()), begun.broken.sentence());
        listeners.forEach(Runnable::run);
        return begun.fault;
    }

    private FaultPlace find(FaultOrder order) {
        List<FaultPlace> all = places.get();
        FaultPlace place = all.stream().filter(known -> known.target().equals(order.target())).findFirst().orElseThrow(() -> new BanyanException(ErrorCode.NO_SUCH_THING,
                "nothing of the site that can be broken is called '" + order.target() + "'; there is " + all.stream().map(FaultPlace::target).collect(Collectors.joining(", "))));
        if (!place.kinds().contains(order.kind())) {
            String possible = place.kinds().isEmpty() ? "nothing" : place.kinds().stream().map(kind -> kind.word()).collect(Collectors.joining(", "));
            throw new BanyanException(ErrorCode.USAGE, order.kind().word() + " is not possible at " + order.target() + "; possible there: " + possible);
        }
        if (!place.runs()) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, order.target() + " does not run now: there is nothing to break");
        }
        return place;
    }

    private synchronized Live begin(FaultPlace place, FaultOrder order, String who) {
        if (closed) {
            throw new BanyanException(ErrorCode.SITE_IS_DOWN, "the site is stopping");
        }
        if (active.size() >= MOST) {
            throw new BanyanException(ErrorCode.BUSY, active.size() + " faults are active, the most there may be; lift one, as: banyan fault lift " + active.keySet().iterator().next());
        }
        active.values().stream().filter(same -> same.scope.equals(place.scope()) && same.fault.kind() == order.kind()).map(Live::fault).findFirst().ifPresent(same -> {
            throw new BanyanException(ErrorCode.BUSY, "a " + same.kind().word() + " of " + same.target() + " is active already: number " + same.number() + "; lift it, or wait until " + same.until());
        });
        long number = next++;
        notes.write(number, order);
        FaultPlace.Broken broken;
        try {
            broken = place.breaking(order);
        } catch (RuntimeException e) {
            notes.delete(number);
            throw e;
        }
        Fault fault = new Fault(number, order.kind(), order.target(), order.setting(), clock.now(), clock.now().plus(order.lasts()), Optional.empty(), who, State.ACTIVE, broken.sentence());
        Live live = new Live(fault, place.scope(), broken, clock.nanos());
        active.put(number, live);
        return live;
    }

    @Override
    public Fault lift(long number, String who) {
        end(number, State.LIFTED, "lifted by " + who);
        synchronized (this) {
            return past.stream().filter(fault -> fault.number() == number).findFirst()
                    .orElseThrow(() -> new BanyanException(ErrorCode.NO_SUCH_THING, "there is no fault " + number + "; 'banyan fault' lists them"));
        }
    }

    /** Looks often whether what was broken is whole again, until it is over. */
    private void look(long number) {
        Optional<Live> live;
        synchronized (this) {
            live = Optional.ofNullable(active.get(number));
        }
        if (live.isEmpty()) {
            return;
        }
        Optional<String> over = live.get().broken.over();
        over.ifPresentOrElse(why -> end(number, State.DONE, why), () -> later.after(LOOK, () -> look(number)));
    }

    private void end(long number, State state, String why) {
        Optional<Ended> ended = undo(number, state, why);
        ended.ifPresent(end -> {
            announce.decided("end fault " + number + ": " + end.fault.title(), end.why, "it had lasted %.1f s".formatted(end.lastedNanos / 1e9));
            listeners.forEach(Runnable::run);
        });
    }

    private record Ended(Fault fault, String why, long lastedNanos) {}

    private synchronized Optional<Ended> undo(long number, State state, String why) {
        Live live = active.remove(number);
        if (live == null) {
            return Optional.empty();
        }
        State how = state;
        String reason = why;
        try {
            live.broken.undo();
            notes.delete(number);
        } catch (RuntimeException e) { // whatever it is: the others have to end too
            how = State.FAILED;
            reason = why + ", and it could not be undone: " + (e instanceof BanyanException ? e.getMessage() : e.toString());
        }
        Fault was = live.fault;
        Fault over = new Fault(number, was.kind(), was.target(), was.setting(), was.since(), was.until(), Optional.of(clock.now()), was.who(), how, was.sentence() + "; " + reason);
        past.addLast(over);
        if (past.size() > KEPT) {
            past.removeFirst();
        }
        return Optional.of(new Ended(over, reason, clock.nanos() - live.began));
    }

    @Override
    public Runnable listen(Runnable changed) {
        listeners.add(changed);
        return () -> listeners.remove(changed);
    }

    /** Ends all, and begins none any more. */
    @Override
    public void close() {
        List<Long> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(active.keySet());
        }
        left.forEach(number -> end(number, State.LIFTED, "the site stops"));
    }
}
