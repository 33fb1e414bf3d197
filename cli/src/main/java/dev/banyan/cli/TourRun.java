package dev.banyan.cli;

import dev.banyan.drill.Load;
import dev.banyan.drill.LoadControl;
import dev.banyan.drill.LoadInterval;
import dev.banyan.drill.LoadOptions;
import dev.banyan.drill.LoadOptions.Script;
import dev.banyan.drill.LoadReport;
import dev.banyan.drill.Rate;
import dev.banyan.drill.site.DrillReport;
import dev.banyan.drill.tour.Phase;
import dev.banyan.drill.tour.StageFacts;
import dev.banyan.drill.tour.TourLog;
import dev.banyan.drill.tour.TourOptions;
import dev.banyan.drill.tour.TourPlan;
import dev.banyan.drill.tour.TourPlan.Leg;
import dev.banyan.drill.tour.TourStep.Break;
import dev.banyan.drill.tour.TourStep.Change;
import dev.banyan.drill.tour.TourStep.Move;
import dev.banyan.drill.tour.TourStep.Saturate;
import dev.banyan.drill.tour.TourStep.Settle;
import dev.banyan.drill.tour.TourStep.Steady;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Decision;
import dev.banyan.topology.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/**
 * Carries a tour out on a site that serves at its first stage: one load from beginning to end, and the plan's steps under it, each with a bound. Owned by the verb's
 * thread.
 */
final class TourRun implements AutoCloseable {
    private static final Duration TO_JOIN = Duration.ofMinutes(2);
    private static final Duration TO_MOVE = Duration.ofMinutes(5);
    private static final Duration TO_SETTLE = Duration.ofMinutes(2);
    private static final Duration TO_DRILL = Duration.ofMinutes(6);
    private static final Duration TO_END = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration MOST = Duration.ofHours(12);

    private final TourOptions options;
    private final TourSite site;
    private final TourDrills drills;
    private final Loops loops;
    private final Clock clock;
    private final TourProgress progress;
    private final TourLog log = new TourLog();
    private final LoadControl control = new LoadControl();
    private final CompletableFuture<LoadReport> load = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped;
    private Optional<Leg> leg = Optional.empty();
    private Optional<ScheduledFuture<?>> looking = Optional.empty();
    private Instant began = Instant.EPOCH;
    private long beganNanos;
    private String problem = "";

    /** @param stopped completes when the tour is to end as soon as it can */
    TourRun(TourOptions options, TourSite site, TourDrills drills, Loops loops, Clock clock, TourProgress progress, CompletableFuture<Void> stopped) {
        this.options = options;
        this.site = site;
        this.drills = drills;
        this.loops = loops;
        this.clock = clock;
        this.progress = progress;
        this.stopped = stopped;
    }

    /** Carries out the plan, or what of it can be; {@link #problem} says why not all. */
    void run(TourPlan plan) {
        try {
            begin();
            for (Leg next : plan.legs()) {
                perform(next);
            }
            control.end();
            await(load, TO_END, "the end of the load and the audit of its writes");
        } catch (BanyanException e) {
            problem = e.getMessage();
            if (leg.isPresent()) {
                over(leg.get(), atS -> log.failed(e.getMessage(), atS));
            }
            end();
        }
    }

    /** What had been acknowledged is looked for even then, if the site can still be asked. */
    private void end() {
        control.end();
        if (!stopped.isDone() && site.alive() && began.isAfter(Instant.EPOCH)) {
            try {
                await(load, TO_END, "the end of the load");
            } catch (BanyanException e) {
                problem += "; and " + e.getMessage();
            }
        }
    }

    TourLog log() {
        return log;
    }

    Instant began() {
        return began;
    }

    Optional<LoadReport> load() {
        return load.isDone() && !load.isCompletedExceptionally() ? Optional.of(load.join()) : Optional.empty();
    }

    /** Why the tour was broken off; empty when it was not. */
    String problem() {
        return problem;
    }

    /** Everything that the site did by itself, in order; empty when it cannot be asked. */
    List<Decision> decisions() {
        try {
            return site.client().get("/api/decisions?most=1000").valueStream().map(kept -> kept.path("decision")).map(made -> new Decision(made.path("what").asString(), made.path("why").asString(), made.path("seen").asString(),
                    Instant.parse(made.path("at").asString()))).toList();
        } catch (BanyanException isDown) {
            return List.of();
        }
    }

    private void begin() {
        LoadOptions asked = LoadOptions.at(site.frontDoor(), Script.PHOTOS).edit().rate(Rate.constant(options.rate())).duration(MOST).users(options.users())
                .websockets(options.webSockets(), "/live").done();
        loops.blocking().execute(() -> {
            try {
                load.complete(Load.run(asked, loops, clock, Loops.random(), _ -> {}, control));
            } catch (RuntimeException e) {
                load.completeExceptionally(e);
            }
        });
        await(CompletableFuture.anyOf(control.begun(), load), TO_JOIN, "the users of the load have joined");
        began = clock.now();
        beganNanos = clock.nanos();
        looking = Optional.of(loops.control().scheduleAtFixedRate(this::look, 1, 1, TimeUnit.SECONDS));
    }

    private double atS() {
        return (clock.nanos() - beganNanos) / 1e9;
    }

    /** Each second, on the control thread. Between two steps nothing is cut: what ended there belongs to the next. */
    private synchronized void look() {
        leg.ifPresent(now -> {
            double atS = atS();
            LoadInterval interval = control.cut();
            log.heard(interval, atS);
            progress.now(now, atS, interval.requests(), interval.failed());
        });
    }

    private void perform(Leg next) {
        synchronized (this) {
            log.begin(next, atS());
            leg = Optional.of(next);
        }
        progress.begun(next, atS());
        switch (next.step()) {
            case Move move -> within(TO_MOVE, next, () -> move("/api/grow", "{\"to\":" + move.to().number() + "}"));
            case Change change -> within(TO_MOVE, next, () -> change(change));
            case Settle _ -> settle();
            case Steady steady -> steady(next, steady.lasting());
            case Saturate saturate -> {
                control.saturate(true);
                pause(saturate.lasting());
                control.saturate(false);
            }
            case Break drill -> {
                DrillReport found = within(TO_DRILL, next, () -> drills.carryOut(drill.drill()));
                over(next, atS -> log.drilled(found, atS));
                return;
            }
        }
        over(next, log::done);
    }

    private synchronized void over(Leg done, java.util.function.DoubleFunction<Phase> end) {
        look();
        leg = Optional.empty();
        progress.over(done, end.apply(atS()));
    }

    /** The first time at a stage is when it is looked at. */
    private void steady(Leg at, Duration lasting) {
        pause(lasting);
        if (log.stages().stream().noneMatch(seen -> seen.visit() == log.visit())) {
            log.seen(new StageFacts(log.visit(), at.stage(), site.processes(), site.memoryBytes(), site.client().get("/api/site").toString()));
        }
    }

    private JsonNode change(Change change) {
        return switch (change) {
            case DEPLOY -> move("/api/deploy", "{}");
            case SWITCHOVER -> move("/api/switchover", "{}");
            case PURGE -> purged(site.client().ask("/api/purge", "{\"all\":true}", TO_SETTLE));
        };
    }

    private JsonNode move(String path, String body) {
        JsonNode end = site.client().move(path, body, _ -> {});
        if (!end.path("state").asString().equals("done")) {
            throw new BanyanException(ErrorCode.INTERNAL, end.path("plan").path("title").asString("the move") + " failed: " + end.path("problem").asString());
        }
        return end;
    }

    private static JsonNode purged(JsonNode report) {
        if (!report.path("complete").asBoolean()) {
            throw new BanyanException(ErrorCode.TIMED_OUT, "not every edge has answered the purge: " + report);
        }
        return report;
    }

    private void settle() {
        long until = clock.nanos() + TO_SETTLE.toNanos();
        while (true) {
            List<String> waiting = drills.trouble();
            if (waiting.isEmpty()) {
                return;
            }
            if (clock.nanos() > until) {
                throw new BanyanException(ErrorCode.TIMED_OUT, "not all servers were up within " + TO_SETTLE.toSeconds() + " s: " + String.join(", ", waiting));
            }
            pause(LOOK);
        }
    }

    private void pause(Duration lasting) {
        try {
            stopped.get(lasting.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException isOver) {
            if (load.isDone()) {
                broken();
            }
            return;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a stop cannot fail", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw interrupted();
    }

    /** Nobody has told the load to end. */
    private void broken() {
        try {
            load.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof BanyanException known ? known : new BanyanException(ErrorCode.INTERNAL, "the tour's load broke off: " + e.getCause(), e);
        }
        throw new BanyanException(ErrorCode.INTERNAL, "the tour's load ended before its time");
    }

    private <T> T within(Duration bound, Leg of, Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        loops.blocking().execute(() -> {
            try {
                result.complete(work.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        await(result, bound, of.step().title());
        return result.join();
    }

    private void await(CompletableFuture<?> what, Duration bound, String words) {
        try {
            CompletableFuture.anyOf(what, stopped).get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new BanyanException(ErrorCode.TIMED_OUT, words + ": not within " + bound.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof BanyanException known ? known : new IllegalStateException(words, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
        if (!what.isDone()) {
            throw interrupted();
        }
    }

    private static BanyanException interrupted() {
        return new BanyanException(ErrorCode.SITE_IS_DOWN, "the tour was interrupted");
    }

    @Override
    public void close() {
        looking.ifPresent(each -> each.cancel(false));
        control.end();
    }
}
