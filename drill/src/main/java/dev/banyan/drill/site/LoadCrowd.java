package dev.banyan.drill.site;

import dev.banyan.drill.AuditReport;
import dev.banyan.drill.Load;
import dev.banyan.drill.LoadOptions;
import dev.banyan.drill.LoadReport;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;

/** Users by {@link Load}, for as long as the drill wants them. */
final class LoadCrowd implements Crowd {
    private static final Duration FOR_EVER = Duration.ofHours(24);

    private final LoadOptions options;
    private final Users users;
    private final Loops loops;
    private final Clock clock;
    private final RandomGenerator random;
    private final CompletableFuture<LoadReport> report = new CompletableFuture<>();
    private Optional<Future<?>> running = Optional.empty();

    LoadCrowd(LoadOptions options, Users users, Loops loops, Clock clock, RandomGenerator random) {
        this.options = options.edit().duration(FOR_EVER).requests(0).done();
        this.users = users;
        this.loops = loops;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public void begin() throws InterruptedException {
        running = Optional.of(loops.blocking().submit(this::load));
        // Users who cannot join end the load before it begins.
        wait(CompletableFuture.anyOf(users.hasBegun(), report));
    }

    private void load() {
        try {
            report.complete(Load.run(options, loops, clock, random, _ -> {}, users));
        } catch (RuntimeException e) {
            report.completeExceptionally(e);
        }
    }

    @Override
    public Optional<AuditReport> end() throws InterruptedException {
        users.enough().complete(null);
        wait(report);
        return options.script() == LoadOptions.Script.URL ? Optional.empty() : Optional.of(report.join().writes());
    }

    private static void wait(CompletableFuture<?> future) throws InterruptedException {
        try {
            future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BanyanException known) {
                throw known;
            }
            throw new IllegalStateException("the load of the drill failed", e.getCause());
        }
    }

    @Override
    public void close() {
        users.enough().complete(null);
        if (!report.isDone()) {
            running.ifPresent(load -> load.cancel(true));
        }
    }
}
