package dev.banyan.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.banyan.cache.Bound.LoadSql;
import dev.banyan.cache.Loads.Loading;
import dev.banyan.cache.WriteCommand.Wanted;
import dev.banyan.cache.WriteCommand.When;
import dev.banyan.changes.Change;
import dev.banyan.changes.Commit;
import dev.banyan.net.Clock;
import dev.banyan.resp.wire.Reply;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.CacheKeys.Strategy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The cache's own classes over a model of the database and of a node, in an order that a seed decides. Says of each read whether it was too old. */
final class RaceWorld {
    static final Duration ANSWER = Duration.ofSeconds(5);

    final Interleaving world;
    final ModelEntries entries = new ModelEntries();
    final ModelDatabase database;
    final Rule rule;
    final Bound bound;
    final Truth truth;
    final Eviction eviction;
    final Invalidation invalidation;
    final List<String> tooOld = new ArrayList<>();
    private final Reader reader;
    private final DirectWrites writes;
    private final Owed owed;
    private final CacheFigures figures;
    /** The version each key had when it was last told of, or acknowledged. */
    private final Map<CacheKey, Integer> known = new HashMap<>();
    private boolean ended;
    private int told;

    RaceWorld(long seed, Path folder, Strategy strategy, long commitMicros) {
        this.world = new Interleaving(seed);
        this.database = new ModelDatabase(world, commitMicros);
        this.rule = new Rule(0, Declared.of("k:", strategy).table("t", "v").key("id").keys());
        Column id = new Column("id", "text", 'S', true, false);
        Column v = new Column("v", "integer", 'N', false, false);
        Table table = new Table("public", "t", List.of(id, v), List.of("id"), Set.of(Set.of("id")));
        this.bound = new Bound(rule, Optional.of(table), List.of(id), List.of(v), 1, new LoadSql("", List.of(), true, 1), List.of());
        Generations generations = Generations.open(folder, List.of(rule), world);
        this.owed = new Owed(folder);
        this.truth = new Truth(generations::of, 1, world);
        List<CacheFigures> all = CacheFigures.of(new Registry(Clock.system()), List.of(rule));
        this.figures = all.getFirst();
        Loading loading = new Loading(database, entries, truth, owed, world, world.random, ANSWER);
        Loads loads = new Loads(loading, world, all);
        this.eviction = new Eviction(entries, truth, generations, owed, world, ANSWER, loads);
        this.reader = new Reader(entries, loads, truth, owed, world, all, _ -> {});
        this.writes = new DirectWrites(database, new Bindings(null, world, List.of(rule), () -> {}), loading, eviction);
        this.invalidation = new Invalidation(List.of(rule), () -> List.of(bound), truth, eviction, FollowedTables.open(folder), loads::load, _ -> {}, _ -> {}, all);
        invalidation.following(Set.of("public.t"), "the beginning");
    }

    CacheKey key(int number) {
        return CacheKey.of(rule, List.of("" + number));
    }

    long loads() {
        return figures.loads().total();
    }

    long refusedFills() {
        return figures.refusedFills().total();
    }

    /** A client's read; what it gets must not be older than what was known when it asked. */
    int read(CacheKey key) {
        int atLeast = known.getOrDefault(key, 0);
        int got = world.join(reader.read(key).toCompletableFuture()).map(value -> Integer.parseInt(new String(value, UTF_8))).orElse(0);
        if (got < atLeast) {
            tooOld.add("a read of " + key + " got " + got + ", though " + atLeast + " was known when it began");
        }
        return got;
    }

    /** A client's write through the router. */
    void write(CacheKey key) {
        WriteCommand command = new WriteCommand(new Wanted.Put(List.of(), When.ALWAYS), false, _ -> Reply.OK);
        int written = (int) writes.write(key, bound, key.parts(1), command).number().orElseThrow();
        known.merge(key, written, Math::max);
    }

    /** Tells the log's next commit. */
    void tellNext() {
        ModelDatabase.Logged commit = database.log().get(told);
        Map<CacheKey, Integer> versions = new HashMap<>();
        commit.keys().forEach(key -> versions.put(key, database.versionBy(key, commit.xid())));
        List<Change> changes = commit.keys().stream().<Change>map(key -> new Change.Updated("public.t", Map.of(), Map.of("id", Optional.of(key.parts(1).getFirst()), "v", Optional.of("x")))).toList();
        invalidation.committed(new Commit(commit.xid(), told, world.now()), changes);
        versions.forEach((key, version) -> known.merge(key, version, Math::max));
        told++;
    }

    boolean toldAll() {
        return told == database.log().size();
    }

    /** Tells the log as it comes, until the end. @param gap the chance that it is lost before a commit */
    void feed(double gap) {
        while (true) {
            world.awaitThat(() -> !toldAll() || ended);
            if (toldAll()) {
                return;
            }
            world.pause(2_000);
            if (world.random.nextDouble() < gap) {
                invalidation.lost("by chance");
                world.pause(20_000);
                told = firstToTell();
                invalidation.following(Set.of("public.t"), "after a gap");
            } else {
                tellNext();
            }
        }
    }

    /** What is not visible yet is told after a gap; what is, is not. */
    private int firstToTell() {
        List<ModelDatabase.Logged> log = database.log();
        for (int i = told; i < log.size(); i++) {
            if (!database.visible(log.get(i))) {
                return i;
            }
        }
        return log.size();
    }

    /** The standby follows, late. */
    void replicate() {
        while (true) {
            world.awaitThat(() -> database.lagging() || ended);
            if (!database.lagging()) {
                return;
            }
            world.pause(30_000);
            database.replay();
        }
    }

    void payDebts() {
        while (owed.size() > 0) {
            eviction.payDebts();
            world.pause(1_000);
        }
    }

    /** An actor; {@link #feed} and {@link #replicate} end when all actors have. */
    CompletableFuture<Void> actor(Runnable what) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        world.execute(() -> {
            what.run();
            done.complete(null);
        });
        return done;
    }

    void endAfter(List<CompletableFuture<Void>> actors) {
        world.execute(() -> {
            world.awaitThat(() -> actors.stream().allMatch(CompletableFuture::isDone));
            ended = true;
        });
    }

    /** What is wrong when all is quiet: an entry or a read that is not the row's value. */
    List<String> wrongAtTheEnd(int keys) {
        List<String> wrong = new ArrayList<>(tooOld);
        world.execute(() -> {
            for (int i = 0; i < keys; i++) {
                CacheKey key = key(i);
                Optional<Entry> entry = entries.look(key).filter(one -> truth.answers(key, one) && !owed.holds(key));
                entry.map(Load::value).map(value -> value.map(bytes -> Integer.parseInt(new String(bytes, UTF_8))).orElse(0)).filter(number -> number != database.number(key))
                        .ifPresent(number -> wrong.add("the entry of " + key + " says " + number + " and its row " + database.number(key) + ": " + entry.get()));
                int read = read(key);
                if (read != database.number(key)) {
                    wrong.add("a read of " + key + " gets " + read + " and its row is " + database.number(key));
                }
            }
        });
        world.run();
        return wrong;
    }
}
