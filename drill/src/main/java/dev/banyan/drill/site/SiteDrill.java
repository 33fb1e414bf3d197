package dev.banyan.drill.site;

import dev.banyan.drill.AuditReport;
import dev.banyan.drill.LoadOptions;
import dev.banyan.drill.OwnPages;
import dev.banyan.drill.reads.OwnReads;
import dev.banyan.drill.site.DrillReport.Check;
import dev.banyan.drill.site.DrillReport.Steady;
import dev.banyan.drill.site.DrillReport.Times;
import dev.banyan.drill.site.DrillReport.Verdict;
import dev.banyan.drill.site.DrilledSite.Struck;
import dev.banyan.drill.site.Witness.Testimony;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Decision;
import dev.banyan.topology.Durations;
import dev.banyan.topology.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Carries out a drill: users come, the site must be steady, something is broken, and it is watched until all is as before, too much has failed, or the promised time is over. Whatever
 * happens, the fault is lifted. Owned by one thread.
 */
public final class SiteDrill {
    private static final Duration TURN = Duration.ofMillis(100);
    /** The first requests of new users and of a site that was left alone are slow, and are no measure. */
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    /** A fault that nobody lifted, since the drill itself was killed, ends so much later than it was to. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final Drill drill;
    private final FaultKind kind;
    private final Promise promise;
    private final DrillOptions options;
    private final DrilledSite site;
    private final Aim aim;
    private final Wholeness wholeness;
    private final Timeline timeline;
    private final Users users;
    private final Around around;
    private final Clock clock;
    private final Consumer<String> progress;
    private final int stage;
    private Optional<Struck> struck = Optional.empty();
    private long struckNanos;
    private OptionalLong endedNanos = OptionalLong.empty();
    private OptionalLong wholeNanos = OptionalLong.empty();
    private OptionalLong servedNanos = OptionalLong.empty();
    private boolean lifted;
    private boolean toldDetected;
    private boolean toldDecided;

    /** Those who are there for the drill's sake; empty where the site has no database, or no page to look at. */
    record Around(Crowd crowd, Optional<Witness> primaries, Optional<Witness> ownReads, Optional<Witness> ownPages) {
        Stream<Witness> witnesses() {
            return Stream.of(primaries, ownReads, ownPages).flatMap(Optional::stream);
        }
    }

    SiteDrill(Drill drill, FaultKind kind, DrillOptions options, DrilledSite site, SiteState before, Aim aim, Users users, Around around, Clock clock, Consumer<String> progress) {
        this.drill = drill;
        this.kind = kind;
        this.promise = drill.promise(kind).orElseThrow();
        this.options = options;
        this.site = site;
        this.aim = aim;
        this.wholeness = new Wholeness(before, aim.victim());
        this.timeline = new Timeline(drill.mends(), aim.victim().id());
        this.users = users;
        this.around = around;
        this.clock = clock;
        this.progress = progress;
        this.stage = before.stage();
    }

    /**
     * Carries out a drill on a running site. Blocks until the last answer is there and the writes are audited; an interrupt of the calling thread lifts the fault and ends the drill, and the report says so.
     *
     * @param random chooses the victim and what users do
     * @param progress gets a line for whatever happens
     * @throws BanyanException USAGE, when the site has not what the drill needs or an option is out of bounds; BUSY, when it is not steady; what the site and the load throw
     */
    public static DrillReport run(Drill drill, DrillOptions options, DrilledSite site, Loops loops, Clock clock, RandomGenerator random, Consumer<String> progress) {
        options.check();
        return prepared(drill, options, site, loops, clock, random, progress).run();
    }

    private static SiteDrill prepared(Drill drill, DrillOptions options, DrilledSite site, Loops loops, Clock clock, RandomGenerator random, Consumer<String> progress) {
        try {
            return of(drill, options, site, loops, clock, random, progress);
        } catch (BanyanException e) {
            if (Thread.interrupted()) {
                throw new BanyanException(ErrorCode.TIMED_OUT, "the drill " + drill.name() + " was interrupted before anything was broken", e);
            }
            throw e;
        }
    }

    private static SiteDrill of(Drill drill, DrillOptions options, DrilledSite site, Loops loops, Clock clock, RandomGenerator random, Consumer<String> progress) {
        FaultKind kind = options.fault().orElse(drill.usual());
        Promise promise = drill.promise(kind).orElseThrow(() -> new BanyanException(ErrorCode.USAGE,
                "the drill " + drill.name() + " does not know --fault " + kind.word() + "; it knows " + String.join(", ", drill.faults().stream().map(FaultKind::word).toList())));
        SiteState before = site.state();
        mustBeQuiet(before, site);
        Aim aim = Aim.take(drill, kind, options.target(), before, site::possible, random);
        Users users = new Users(promise.pardon(), options.abortAbove(), clock);
        Optional<String> remote = options.load().allowRemote();
        Optional<Witness> primaries = site.servers().isEmpty() ? Optional.empty() : Optional.of(new PrimaryWitness(site, remote, loops, clock));
        Optional<Witness> ownReads = site.database().map(database -> new OwnReadsWitness(OwnReads.begin(database, remote, loops, clock, random)));
        Optional<Witness> ownPages = OwnPages.begin(options.load(), options.ownWrites(), loops, clock, random).map(OwnPagesWitness::new);
        Around around = new Around(new LoadCrowd(options.load(), users, loops, clock, random), primaries, ownReads, ownPages);
        return new SiteDrill(drill, kind, options, site, before, aim, users, around, clock, progress);
    }

    private static void mustBeQuiet(SiteState now, DrilledSite site) {
        List<String> trouble = trouble(now, site);
        if (!trouble.isEmpty()) {
            throw new BanyanException(ErrorCode.BUSY, now.name() + " is not steady: " + String.join(", ", trouble) + "; wait until banyan status shows all of it up, then try again");
        }
    }

    /** Why a drill would not begin now, a few words each; empty when it would. */
    public static List<String> trouble(SiteState now, DrilledSite site) {
        List<String> trouble = new ArrayList<>(Wholeness.trouble(now));
        trouble.addAll(site.underWay());
        return trouble;
    }

    DrillReport run() {
        try (Crowd crowd = around.crowd(); Closing _ = () -> around.primaries().ifPresent(Witness::close); Closing _ = () -> around.ownReads().ifPresent(Witness::close);
                Closing _ = () -> around.ownPages().ifPresent(Witness::close)) {
            Steady before = new Steady(0, 0, 0, 0, 0);
            String reason = "";
            try {
                before = steady();
                strike();
                reason = untilHealed();
            } catch (InterruptedException e) {
                reason = interrupted();
            } catch (BanyanException e) {
                // A call of the site that an interrupt cut short.
                if (!Thread.interrupted()) {
                    throw e;
                }
                reason = interrupted();
            } finally {
                lift();
            }
            return report(before, reason, end(crowd));
        }
    }

    private String interrupted() {
        return "it was interrupted" + (struck.isPresent() ? "; the fault is lifted" : " before anything was broken");
    }

    private interface Closing extends AutoCloseable {
        @Override
        void close();
    }

    /** A site that is not steady proves nothing by what it does when it is broken. */
    private Steady steady() throws InterruptedException {
        around.crowd().begin();
        progress.accept("steady? " + Durations.format(options.steady()) + " of load first, after " + Durations.format(WARM_UP) + " to warm up");
        goOn(WARM_UP);
        users.warm();
        goOn(options.steady());
        Steady seen = users.steady();
        List<String> trouble = trouble(site.state(), site);
        if (seen.failed() > 0 || seen.requests() == 0) {
            trouble.add(seen.failed() + " of " + seen.requests() + " requests failed");
        }
        if (seen.p99Ms() > promise.slowest().toMillis()) {
            trouble.add(String.format(Locale.ROOT, "its p99 of %,.0f ms is over the %s that a request may take while something is broken", seen.p99Ms(), Durations.format(promise.slowest())));
        }
        if (!trouble.isEmpty()) {
            throw new BanyanException(ErrorCode.BUSY, "the site is not steady under this load, so nothing was broken: " + String.join(", ", trouble) + "; look at banyan status, or try a lower --rate");
        }
        progress.accept(String.format(Locale.ROOT, "steady: %,d requests, p50 %.1f ms, p99 %.1f ms", seen.requests(), seen.p50Ms(), seen.p99Ms()));
        return seen;
    }

    private void goOn(Duration time) throws InterruptedException {
        long until = clock.nanos() + time.toNanos();
        while (clock.nanos() - until < 0) {
            clock.sleep(TURN);
            look();
        }
    }

    private void look() {
        around.witnesses().forEach(Witness::look);
    }

    private void strike() {
        Instant at = clock.now();
        users.strikes();
        struckNanos = clock.nanos();
        Struck done = site.strike(kind, aim.target(), options.lasting().plus(MARGIN));
        struck = Optional.of(done);
        users.struck();
        timeline.struck(at, done.words());
        if (!drill.lasts(kind)) {
            endedNanos = OptionalLong.of(struckNanos);
        }
        progress.accept(done.words());
    }

    /** @return why it was given up; empty when it came to its end */
    private String untilHealed() throws InterruptedException {
        while (true) {
            clock.sleep(TURN);
            look();
            observe();
            ErrorBudget.Share failing = users.failing();
            if (failing.usedUp()) {
                return String.format(Locale.ROOT, "%,d of %,d requests of the last %d s failed (%.1f %%, %.1f %% are allowed): the fault is lifted", failing.failed(), failing.requests(), ErrorBudget.SPAN.toSeconds(),
                        failing.percent(), 100 * options.abortAbove());
            }
            if (endedNanos.isEmpty() && clock.nanos() - struckNanos >= options.lasting().toNanos()) {
                lift();
            }
            boolean healed = endedNanos.isPresent() && wholeNanos.isPresent() && servedNanos.isPresent();
            boolean late = endedNanos.isPresent() && clock.nanos() - endedNanos.getAsLong() > promise.healed().toNanos();
            if (healed || late) {
                return "";
            }
        }
    }

    private void observe() {
        timeline.heard(site.decisions());
        Optional<Decision> detected = timeline.detected();
        detected.ifPresent(_ -> wholeness.missed());
        SiteState now = site.state();
        wholeness.look(now);
        boolean whole = endedNanos.isPresent() && wholeness.whole(now, !drill.lasts(kind));
        wholeNanos = !whole ? OptionalLong.empty() : wholeNanos.isPresent() ? wholeNanos : OptionalLong.of(clock.nanos());
        servedNanos = users.servedAgain();
        toldDetected = tell(toldDetected, detected);
        toldDecided = tell(toldDecided, timeline.decided().filter(decided -> !detected.equals(Optional.of(decided))));
    }

    private boolean tell(boolean told, Optional<Decision> decision) {
        if (!told) {
            decision.ifPresent(made -> progress.accept(String.format(Locale.ROOT, "%.2f s: %s (%s)", timeline.millis(made) / 1e3, made.what(), made.why())));
        }
        return told || decision.isPresent();
    }

    /** Of a kill there is nothing to undo, but the site remembers it as active as long as its victim has not come back by the same name. */
    private void lift() {
        struck.filter(_ -> !lifted).ifPresent(fault -> {
            boolean active = site.lift(fault);
            lifted = true;
            if (endedNanos.isEmpty()) {
                endedNanos = OptionalLong.of(clock.nanos());
                progress.accept(String.format(Locale.ROOT, "%.2f s: ", (clock.nanos() - struckNanos) / 1e9) + (active ? "lifted " + fault.words() : fault.words() + " is over, for the site has ended what was broken"));
            }
        });
    }

    /** A second interrupt, or a load that breaks, leaves the writes without an audit: that fails the drill as lost ones do. */
    private Optional<AuditReport> end(Crowd crowd) {
        try {
            progress.accept(options.load().script() == LoadOptions.Script.URL ? "waiting for the last answers" : "looking for every acknowledged write");
            return crowd.end();
        } catch (InterruptedException e) {
            throw new BanyanException(ErrorCode.TIMED_OUT, "the drill " + drill.name() + " was interrupted while its writes were audited; the fault is lifted", e);
        }
    }

    private DrillReport report(Steady before, String reason, Optional<AuditReport> writes) {
        Optional<Testimony> primaries = around.primaries().map(Witness::testimony);
        Optional<Testimony> ownReads = around.ownReads().map(Witness::testimony);
        Optional<Testimony> ownPages = around.ownPages().map(Witness::testimony);
        Times times = times();
        DrillReport.During during = users.during();
        List<Check> checks = struck.isEmpty() ? List.of() : new Judgement(promise, drill.lasts(kind)).checks(during, times, writes, primaries, ownReads);
        Verdict verdict = !reason.isEmpty() ? Verdict.ABORTED : checks.stream().allMatch(Check::held) ? Verdict.HELD : Verdict.FAILED;
        List<String> examples = new ArrayList<>(users.examples());
        writes.ifPresent(audit -> examples.addAll(audit.examples()));
        Stream.of(primaries, ownReads, ownPages).flatMap(Optional::stream).forEach(seen -> examples.addAll(seen.examples()));
        return new DrillReport(drill.name(), drill.hypothesis(kind), stage, struck.map(Struck::words).orElse(""), before, during, times, writes.orElse(AuditReport.NONE),
                primaries.map(Testimony::findings).orElse(0L), primaries.map(Testimony::looks).orElse(0L), ownReads.map(Testimony::findings).orElse(0L), ownReads.map(Testimony::looks).orElse(0L),
                ownPages.map(Testimony::findings).orElse(0L), ownPages.map(Testimony::looks).orElse(0L),
                verdict, reason, checks, examples);
    }

    private Times times() {
        OptionalDouble served = servedNanos.isPresent() ? OptionalDouble.of(servedNanos.getAsLong() / 1e6) : OptionalDouble.empty();
        OptionalDouble whole = since(wholeNanos);
        OptionalDouble healed = served.isPresent() && whole.isPresent() ? OptionalDouble.of(Math.max(served.getAsDouble(), whole.getAsDouble())) : OptionalDouble.empty();
        return new Times(millis(timeline.detected()), millis(timeline.decided()), since(endedNanos), served, whole, healed, timeline.detected().map(Decision::what), timeline.decided().map(Decision::what));
    }

    private OptionalDouble since(OptionalLong nanos) {
        return nanos.isPresent() ? OptionalDouble.of((nanos.getAsLong() - struckNanos) / 1e6) : OptionalDouble.empty();
    }

    private OptionalDouble millis(Optional<Decision> decision) {
        return decision.map(made -> OptionalDouble.of(timeline.millis(made))).orElse(OptionalDouble.empty());
    }
}
