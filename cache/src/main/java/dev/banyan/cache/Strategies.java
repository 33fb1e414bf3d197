package dev.banyan.cache;

import dev.banyan.cache.Loads.Loading;
import dev.banyan.resp.DeclaredKeys;
import dev.banyan.resp.NodeDown;
import dev.banyan.resp.Request;
import dev.banyan.resp.wire.Reply;
import dev.banyan.telemetry.Labels;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.CacheKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The five caching strategies, each for the keys of the prefixes that ask for it. What blocks runs on virtual threads; the calling loops do not
 * wait. Safe for any thread.
 */
public final class Strategies implements DeclaredKeys, AutoCloseable {
    private static final Duration UPKEEP = Duration.ofSeconds(1);

    private final Setup setup;
    private final KeyRules rules;
    private final Database database;
    private final Bindings bindings;
    private final Generations generations;
    private final Owed owed;
    private final Eviction eviction;
    private final Invalidation invalidation;
    private final ReadCommands reads;
    private final Writes writes;
    private final AsideLeases aside;
    private final WriteBehind behind;
    private final Sampler sampler;
    private final Explanation explanation;
    private final AtomicBoolean keepingUp = new AtomicBoolean();
    private volatile Runnable tablesChanged = () -> {};
    private ScheduledFuture<?> upkeep;

    /** Opens them. The database need not be there yet. @throws BanyanException DISK when the folder cannot be used */
    public static Strategies of(Setup setup) {
        Strategies strategies = new Strategies(setup);
        strategies.start();
        return strategies;
    }

    private Strategies(Setup setup) {
        this.setup = setup;
        this.rules = KeyRules.of(setup.keys());
        List<Rule> all = rules.all();
        List<CacheFigures> figures = CacheFigures.of(setup.registry(), all);
        this.database = new Database(setup.database(), setup.answer(), setup.clock());
        this.bindings = new Bindings(database, setup.clock(), all, this::bindingsChanged);
        this.generations = Generations.open(setup.folder(), all, setup.clock());
        this.owed = new Owed(setup.folder());
        Truth truth = new Truth(generations::of, all.size(), setup.clock());
        Entries entries = new NodeEntries(setup.store());
        Settling settling = new Settling(setup.clock(), setup.answer());
        Rows rows = new SettledRows(new TableRows(database, bindings), bindings, settling);
        Loading loading = new Loading(rows, entries, truth, owed, setup.clock(), setup.random(), setup.answer());
        Loads loads = new Loads(loading, setup.loops().blocking(), figures);
        this.eviction = new Eviction(entries, truth, generations, owed, setup.clock(), setup.answer(), loads);
        this.sampler = new Sampler(loading, figures, sentence -> setup.log().warn("cache", sentence));
        Reader reader = new Reader(entries, loads, truth, owed, setup.clock(), figures, sampler::offer);
        this.behind = new WriteBehind(setup.journal(), settling, reader, eviction, () -> bindings.known(all), setup.clock(), setup.answer());
        this.invalidation = new Invalidation(all, () -> bindings.known(all), truth, eviction, FollowedTables.open(setup.folder()), loads::load, told -> behind.told(told.key(), told.xid()),
                this::tableGrew, figures);
        Reading reading = new Reading(reader, behind, bindings, setup.loops().blocking());
        this.reads = new ReadCommands(rules, reading::value);
        this.writes = new Writes(bindings, new DirectWrites(new RowWriter(database), bindings, loading, eviction), new Forgetting(database, eviction), behind, figures);
        this.aside = new AsideLeases(setup.store(), rules, setup.clock(), setup.random(), setup.loops().blocking());
        this.explanation = new Explanation(bindings, loading, setup.store(), behind);
    }

    private void start() {
        setup.registry().gauge("banyan_cache_owed", "Keys whose node could not be told of a change.", Labels.NONE, owed::size);
        setup.registry().gauge("banyan_cache_database_busy", "Loads and writes at the database.", Labels.NONE, database::busy);
        setup.registry().gauge("banyan_cache_database_waiting", "Loads and writes that wait for a place.", Labels.NONE, database::waiting);
        if (owed.leftBehind()) {
            rules.all().stream().filter(Rule::loads).forEach(eviction::evictAll);
            owed.settle();
        }
        upkeep = setup.loops().control().scheduleWithFixedDelay(() -> setup.loops().blocking().execute(this::upkeep), 0, UPKEEP.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** One at a time: each may wait for a node or the database. */
    private void upkeep() {
        if (!keepingUp.compareAndSet(false, true)) {
            return;
        }
        try {
            bindings.tryAll(rules.all());
            eviction.payDebts();
            behind.tidy();
            sampler.compareOne();
        } catch (RuntimeException e) {
            setup.log().warn("cache", "upkeep failed, and is tried again", "error", e.toString());
        } finally {
            keepingUp.set(false);
        }
    }

    private void bindingsChanged() {
        invalidation.look();
        tablesChanged.run();
    }

    /** What has all columns of a table has the new ones too: it meets the table anew, and its values are made anew. */
    private void tableGrew(Rule rule) {
        if (rule.declared().columns().isEmpty()) {
            bindings.forget(rule);
            eviction.evictAll(rule);
        }
    }

    /** Hears of the database's changes; give it to the change feed. */
    public Invalidation invalidation() {
        return invalidation;
    }

    /** Told, by any thread, when {@link Invalidation#tables} may be others; must not block. */
    public void onTablesChanged(Runnable listener) {
        tablesChanged = listener;
    }

    @Override
    public int rule(byte[] key, int length) {
        return rules.rule(key, length);
    }

    @Override
    public CompletionStage<Reply> answer(Request request) {
        try {
            return answered(request).exceptionally(this::failure);
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(failure(e));
        }
    }

    private CompletionStage<Reply> answered(Request request) {
        String name = request.name();
        byte[][] arguments = request.arguments();
        Rule rule = rules.all().get(request.rule());
        if (!rule.loads()) {
            return aside.answer(name, arguments);
        }
        Optional<CompletionStage<Reply>> read = reads.answer(name, arguments);
        if (read.isPresent()) {
            return read.get();
        }
        if (!WriteCommands.NAMES.contains(name)) {
            throw impossible(name, rule);
        }
        return CompletableFuture.supplyAsync(() -> writes.answer(name, arguments, rules), setup.loops().blocking());
    }

    private static Refused impossible(String name, Rule rule) {
        return new Refused("ERR '" + name + "' is not possible on keys of the declared prefix '" + rule.prefix() + "' (cache.keys): they are "
                + (rule.writes() ? "rows of the database, and reads, SET, HSET, HDEL, INCR and DEL are" : "loaded from the database, and reads and DEL are"));
    }

    private Reply failure(Throwable wrapped) {
        return switch (Waiting.unwrapped(wrapped)) {
            case Refused refused -> refused.reply();
            case NodeDown down -> Reply.failure("ERR " + down.getMessage());
            case BanyanException known -> Reply.failure("ERR " + known.getMessage());
            case RuntimeException bug -> {
                setup.log().error("cache", "a command on a declared key failed by a fault of ours", "error", bug.toString());
                yield Reply.failure("ERR internal error in the cache router: " + bug.getClass().getSimpleName() + "; its log says more");
            }
        };
    }

    /** What is known of a key; empty when no declared prefix is its own. Blocks. */
    public Optional<Explained> explain(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        return rules.declared(bytes).map(rule -> explanation.of(new CacheKey(rule, bytes)));
    }

    static String written(CacheKeys.Strategy strategy) {
        return strategy.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Ends what runs by itself, and the connections to the database. The journal is closed by who opened it, before this. */
    @Override
    public void close() {
        upkeep.cancel(false);
        database.close();
        generations.close();
    }
}
