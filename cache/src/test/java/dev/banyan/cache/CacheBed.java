package dev.banyan.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.banyan.cache.journal.WriteBehindJournal;
import dev.banyan.changes.Change;
import dev.banyan.changes.ChangeFeed;
import dev.banyan.changes.ChangeListener;
import dev.banyan.changes.Commit;
import dev.banyan.changes.Primary;
import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.resp.Request;
import dev.banyan.resp.Store;
import dev.banyan.resp.wire.Reply;
import dev.banyan.telemetry.EventLog;
import dev.banyan.telemetry.Labels;
import dev.banyan.telemetry.LogEvent.Level;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.Cache;
import dev.banyan.topology.CacheKeys;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** The strategies over a real database and a real node, asked as the router asks them. */
final class CacheBed implements AutoCloseable {
    static final Duration ANSWER = Duration.ofSeconds(5);

    final Loops loops = Loops.open(IoKind.NIO, 1);
    final Registry registry = new Registry(Clock.system());
    final Strategies strategies;
    private final EventLog log;
    private final RealPostgres postgres;
    private final Optional<WriteBehindJournal> journal;
    private ChangeFeed feed;
    private volatile Set<String> followed = Set.of();

    CacheBed(Path folder, RealPostgres postgres, Store store, List<CacheKeys> keys) {
        this.postgres = postgres;
        this.log = EventLog.open(folder.resolve("log"), Level.INFO, loops, Clock.system(), registry);
        boolean behind = keys.stream().anyMatch(one -> one.strategy() == CacheKeys.Strategy.WRITE_BEHIND);
        this.journal = behind ? Optional.of(WriteBehindJournal.open(new dev.banyan.cache.journal.Setup(folder.resolve("journal"),
                new Cache.WriteBehind(ByteSize.parse("64MiB"), Duration.ofMillis(20), 1000), ANSWER, () -> DriverManager.getConnection(postgres.url(), "admin", ""),
                loops, Clock.system(), Loops.random(), registry, _ -> {}))) : Optional.empty();
        this.strategies = Strategies.of(new Setup(keys, store, new Coordinates(postgres.url(), "admin", new Secret("")), folder.resolve("cache"), ANSWER, journal, loops, Clock.system(),
                Loops.random(), registry, log));
    }

    /** Follows the database's log from now on. */
    CacheBed follow() {
        feed = ChangeFeed.of(new dev.banyan.changes.Setup(
                () -> Optional.of(new Primary(new HostPort("127.0.0.1", postgres.port()), "postgres", "admin", new Secret(""), Map.of("sslmode", "disable"), 1)),
                () -> strategies.invalidation().tables(), "banyan_test", "banyan_test", ByteSize.parse("1GiB"), new Telling(), _ -> {}, Clock.system(), loops, Loops.random(), registry));
        strategies.onTablesChanged(feed::tablesChanged);
        return this;
    }

    /** Tells the strategies what the log tells, and knows afterwards what they have been told to follow. */
    private final class Telling implements ChangeListener {
        @Override
        public void committed(Commit commit, List<Change> changes) {
            strategies.invalidation().committed(commit, changes);
        }

        @Override
        public void following(Set<String> tables, String since) {
            strategies.invalidation().following(tables, since);
            followed = Set.copyOf(tables);
        }

        @Override
        public void lost(String why) {
            followed = Set.of();
            strategies.invalidation().lost(why);
        }
    }

    /** Waits until the log tells of all that the declared prefixes hang on, and the strategies have been told so, which makes all they had old. */
    CacheBed followed() {
        await("the log to be followed", () -> followed.containsAll(strategies.invalidation().tables().stream().map(table -> table.name()).toList()));
        return this;
    }

    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within 30 s: " + what);
            }
            try {
                Clock.system().sleep(Duration.ofMillis(5));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    CompletionStage<Reply> send(String... words) {
        byte[][] arguments = Arrays.stream(words).map(word -> word.getBytes(UTF_8)).toArray(byte[][]::new);
        int rule = -1;
        for (int i = 1; i < arguments.length && rule < 0; i++) {
            rule = strategies.rule(arguments[i], arguments[i].length);
        }
        return strategies.answer(new Request(rule, arguments));
    }

    /** The answer as redis-cli shows it without a terminal; lists with blanks between. */
    String ask(String... words) {
        try {
            return text(send(words).toCompletableFuture().get(60, TimeUnit.SECONDS));
        } catch (Exception e) {
            throw new AssertionError(String.join(" ", words), e);
        }
    }

    static String text(Reply reply) {
        return switch (reply) {
            case Reply.Simple(String text) -> text;
            case Reply.Failure(String text) -> text;
            case Reply.Number(long value) -> Long.toString(value);
            case Reply.Bulk bulk -> bulk.text();
            case Reply.Null() -> "(nil)";
            case Reply.Array(List<Reply> items) -> texts(items);
            case Reply.Pairs(List<Reply> items) -> texts(items);
            default -> reply.toString();
        };
    }

    private static String texts(List<Reply> items) {
        return String.join(" ", items.stream().map(CacheBed::text).toList());
    }

    long total(String figure, String prefix) {
        return (long) registry.snapshot().total("banyan_cache_" + figure + "_total", Labels.of("prefix", prefix));
    }

    long loads(String prefix) {
        return total("loads", prefix);
    }


    @Override
    public void close() {
        if (feed != null) {
            feed.close();
        }
        journal.ifPresent(WriteBehindJournal::close);
        strategies.close();
        log.close();
        loops.close();
    }
}
