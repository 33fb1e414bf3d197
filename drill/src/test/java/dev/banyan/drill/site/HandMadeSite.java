package dev.banyan.drill.site;

import dev.banyan.drill.AuditReport;
import dev.banyan.drill.EndedRequest;
import dev.banyan.drill.LoadOptions;
import dev.banyan.drill.bank.Server;
import dev.banyan.drill.site.SiteState.Arrow;
import dev.banyan.drill.site.SiteState.Node;
import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Decision;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A site by hand with a clock by hand: one request each ten milliseconds, and whatever a test has planned for so many milliseconds after the fault. Owned by one thread. */
final class HandMadeSite implements DrilledSite, Clock, Crowd {
    private static final long MILLI = 1_000_000;
    private static final Duration STEP = Duration.ofMillis(10);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final TreeMap<Long, List<Runnable>> plan = new TreeMap<>();
    private final List<Decision> decisions = new ArrayList<>();
    private final List<String> lifted = new ArrayList<>();
    private final List<String> progress = new ArrayList<>();
    private final Drill drill;
    private final FaultKind kind;
    private long nanos;
    private long struckAt = -1;
    private Users users;
    private Node victim;
    private Optional<String> failing = Optional.empty();
    private String method = "GET";
    private long tookMillis = 5;
    private boolean silent;
    private List<String> underWay = List.of();
    private AuditReport writes = new AuditReport(12, 0, 0, 0, 0, 0, List.of());
    private Witness.Testimony primaries = new Witness.Testimony(1_000, 0, List.of());
    private Witness.Testimony ownReads = new Witness.Testimony(1_000, 0, List.of());
    private Witness.Testimony ownPages = new Witness.Testimony(100, 0, List.of());
    private boolean ended;
    private boolean lasts = true;
    private boolean away;

    HandMadeSite(Drill drill, FaultKind kind) {
        this.drill = drill;
        this.kind = kind;
        this.victim = new Node(drill.kind() + "-1", drill.kind(), "up", 100);
    }

    /** Does something so many milliseconds after the fault. */
    HandMadeSite after(long millis, Runnable then) {
        plan.computeIfAbsent(millis, _ -> new ArrayList<>()).add(then);
        return this;
    }

    /** As a good site: it notices, decides, and has another process soon. */
    HandMadeSite healing() {
        return after(200, () -> decide("eject application-1 for 10 s", "5 requests failed in a row")).after(200, () -> victim("down", 0)).after(1_500, () -> victim("up", 101));
    }

    void decide(String what, String why) {
        decisions.add(new Decision(what, why, "1 of 2 servers healthy", now()));
    }

    void victim(String health, long process) {
        victim = new Node(victim.id(), victim.kind(), health, process);
    }

    /** From now on each request fails so. */
    void fails(String why) {
        failing = Optional.of(why);
    }

    void served() {
        failing = Optional.empty();
        tookMillis = 5;
        silent = false;
    }

    void slow(long millis) {
        tookMillis = millis;
    }

    /** Nobody gets an answer. */
    void hangs() {
        silent = true;
    }

    /** One request apart from the others. */
    void request(String method, Optional<String> failure, long sentMillisAgo) {
        users.ended(new EndedRequest("comment", method, failure, nanos - sentMillisAgo * MILLI, nanos - sentMillisAgo * MILLI, nanos));
    }

    /** One that was due, and found no user free. */
    void dropped(long dueMillisAgo) {
        users.ended(new EndedRequest("dropped", "GET", Optional.of("dropped_by_generator"), nanos - dueMillisAgo * MILLI, nanos, nanos));
    }

    HandMadeSite audit(AuditReport found) {
        writes = found;
        return this;
    }

    HandMadeSite primaries(long looks, String... doubles) {
        primaries = new Witness.Testimony(looks, doubles.length, List.of(doubles));
        return this;
    }

    HandMadeSite ownReads(long looks, String... stale) {
        ownReads = new Witness.Testimony(looks, stale.length, List.of(stale));
        return this;
    }

    HandMadeSite ownPages(long looks, String... stale) {
        ownPages = new Witness.Testimony(looks, stale.length, List.of(stale));
        return this;
    }

    /** It has ended what was broken, before anybody lifts the fault. */
    void mended() {
        lasts = false;
    }

    /** As a console that an interrupted thread asks. */
    HandMadeSite awayWhenInterrupted() {
        away = true;
        return this;
    }

    HandMadeSite underWay(String what) {
        underWay = List.of(what);
        return this;
    }

    DrillReport drill() {
        return drill(DrillOptions.at(LoadOptions.at(URI.create("http://127.0.0.1:1/"), LoadOptions.Script.PHOTOS)));
    }

    DrillReport drill(DrillOptions options) {
        users = new Users(drill.promise(kind).orElseThrow().pardon(), options.abortAbove(), this);
        SiteDrill.Around around = new SiteDrill.Around(this, Optional.of(witness(() -> primaries)), Optional.of(witness(() -> ownReads)), Optional.of(witness(() -> ownPages)));
        return new SiteDrill(drill, kind, options, this, state(), new Aim(victim, victim.id()), users, around, this, progress::add).run();
    }

    private static Witness witness(Supplier<Witness.Testimony> saw) {
        return new Witness() {
            @Override
            public void look() {
                // What it has seen is known already.
            }

            @Override
            public Testimony testimony() {
                return saw.get();
            }

            @Override
            public void close() {
                // It holds nothing.
            }
        };
    }

    List<String> lifted() {
        return lifted;
    }

    List<String> progress() {
        return progress;
    }

    boolean usersWentHome() {
        return ended;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public Instant now() {
        return START.plusNanos(nanos);
    }

    /** Time goes by here alone, and what is due happens in it. */
    @Override
    public void sleep(Duration time) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("by the test");
        }
        for (long left = time.toNanos(); left > 0; left -= STEP.toNanos()) {
            nanos += STEP.toNanos();
            while (struckAt >= 0 && !plan.isEmpty() && plan.firstKey() * MILLI <= nanos - struckAt) {
                plan.pollFirstEntry().getValue().forEach(Runnable::run);
            }
            if (!silent && !ended) {
                users.ended(new EndedRequest("page", method, failing, nanos - tookMillis * MILLI, nanos - tookMillis * MILLI, nanos));
            }
        }
    }

    @Override
    public SiteState state() {
        if (away && Thread.currentThread().isInterrupted()) {
            throw new BanyanException(ErrorCode.TIMED_OUT, "interrupted");
        }
        Node other = new Node(drill.kind() + "-2", drill.kind(), "up", 200);
        return new SiteState("hand-made", 6, List.of(victim, other), List.of(new Arrow("front-door", victim.id())));
    }

    @Override
    public List<String> underWay() {
        return underWay;
    }

    @Override
    public List<Decision> decisions() {
        return decisions;
    }

    @Override
    public List<FaultKind> possible(String target) {
        return List.of(FaultKind.values());
    }

    @Override
    public Struck strike(FaultKind how, String target, Duration atMost) {
        struckAt = nanos;
        decide("inject fault 1: " + how.word() + " " + target, "asked for by token");
        return new Struck(1, how, target, how.word() + " " + target);
    }

    @Override
    public boolean lift(Struck fault) {
        lifted.add(fault.words());
        decide("end fault 1: " + fault.words(), "lifted by token");
        return lasts;
    }

    @Override
    public List<Server> servers() {
        return List.of();
    }

    @Override
    public Optional<Secret> database() {
        return Optional.empty();
    }

    @Override
    public void begin() {
        users.begun();
    }

    @Override
    public Optional<AuditReport> end() {
        ended = true;
        return Optional.of(writes);
    }

    @Override
    public void close() {
        ended = true;
    }
}
