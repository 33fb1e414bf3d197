package dev.banyan.cli;

import dev.banyan.cache.Coordinates;
import dev.banyan.cache.Explained;
import dev.banyan.cache.Strategies;
import dev.banyan.cache.journal.Figures;
import dev.banyan.changes.ChangeFeed;
import dev.banyan.changes.FeedStatus;
import dev.banyan.changes.Removal;
import dev.banyan.console.Site.Fact;
import dev.banyan.engines.DatabaseEndpoint;
import dev.banyan.net.Loops;
import dev.banyan.resp.DeclaredKeys;
import dev.banyan.resp.Store;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.Cache;
import dev.banyan.topology.CacheKeys.Strategy;
import dev.banyan.topology.Secret;
import dev.banyan.topology.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the cache does with the database for declared prefixes: it loads and writes through the PostgreSQL router, keeps the journal of writes that
 * the database does not have yet, and follows the primary's log. Safe for any thread.
 */
final class SiteStrategies implements AutoCloseable {
    /** For what was written until the router closed. */
    private static final Duration FAREWELL = Duration.ofSeconds(5);
    /** Past so much log kept for a feed that does not get on, it is given up, and all that is cached counts as old. */
    private static final ByteSize WAL_BOUND = new ByteSize(1L << 30);

    private final Strategies strategies;
    private final Optional<SiteJournal> journal;
    private final Optional<ChangeFeed> feed;
    private final Ground at;

    private SiteStrategies(Strategies strategies, Optional<SiteJournal> journal, Optional<ChangeFeed> feed, Ground at) {
        this.strategies = strategies;
        this.journal = journal;
        this.feed = feed;
        this.at = at;
    }

    /** The folder of what must outlive a restart. */
    private static Path folder(Ground at) {
        return at.folder().path().resolve("cache");
    }

    /**
     * Opens all of it; the database need not answer yet.
     *
     * @throws BanyanException DISK, SITE_IS_HELD; then nothing stays open
     */
    static SiteStrategies open(Topology file, Ground at, SiteDatabase database, Store store) {
        Cache cache = file.cache();
        Duration answer = cache.router().timeouts().answer();
        Optional<DatabaseEndpoint> endpoint = database.endpoint();
        boolean behind = cache.keys().stream().anyMatch(keys -> keys.strategy() == Strategy.WRITE_BEHIND) || SiteJournal.isLeft(at);
        Optional<SiteJournal> journal = endpoint.filter(_ -> behind).map(to -> SiteJournal.open(at, cache, to));
        try {
            Coordinates coordinates = endpoint.map(to -> new Coordinates(SiteJournal.url(to), to.user(), to.password())).orElseGet(() -> new Coordinates("", "", new Secret("")));
            Strategies strategies = Strategies.of(new dev.banyan.cache.Setup(cache.keys(), store, coordinates, folder(at), answer, journal.map(SiteJournal::writes), at.loops(), at.clock(), Loops.random(), at.registry(), at.log()));
            return new SiteStrategies(strategies, journal, endpoint.map(_ -> feed(file, at, database, strategies)), at);
        } catch (RuntimeException e) {
            journal.ifPresent(SiteJournal::close);
            throw e;
        }
    }

    private static ChangeFeed feed(Topology file, Ground at, SiteDatabase database, Strategies strategies) {
        String name = dev.banyan.changes.Setup.nameFor(file.site().value());
        ChangeFeed feed = ChangeFeed.of(new dev.banyan.changes.Setup(new DatabaseLog(database), strategies.invalidation()::tables, name, name, WAL_BOUND, strategies.invalidation(), at.decisions()::announce,
                at.clock(), at.loops(), Loops.random(), at.registry()));
        strategies.onTablesChanged(feed::tablesChanged);
        database.router().ifPresent(router -> router.whenPrimaryChanges(feed::primaryChanged));
        return feed;
    }

    DeclaredKeys keys() {
        return strategies;
    }

    /** How many writes that were acknowledged before are not in the database when the time is over. */
    long drain(Duration atMost) {
        return journal.map(writes -> writes.drain(atMost)).orElse(0L);
    }

    /** What is known of a key of a declared prefix. Blocks. */
    Optional<Explained> explain(String key) {
        return strategies.explain(key);
    }

    List<Fact> facts() {
        List<Fact> facts = new ArrayList<>();
        journal.map(SiteJournal::figures).ifPresent(now -> facts.addAll(facts(now)));
        feed.map(ChangeFeed::status).ifPresent(now -> facts.addAll(facts(now)));
        return facts;
    }

    private static List<Fact> facts(Figures now) {
        String waiting = now.writes() == 0 ? "none" : String.format(Locale.ROOT, "%,d, the oldest for %,d ms", now.writes(), now.lag().toMillis());
        List<Fact> facts = new ArrayList<>(List.of(new Fact("writes not in the database yet", now.settled() ? waiting : "not known until the database answers")));
        if (now.deadLetters() > 0) {
            facts.add(new Fact("rows whose writes it refused", String.format(Locale.ROOT, "%,d, in banyan.dead_letters", now.deadLetters())));
        }
        return facts;
    }

    private static List<Fact> facts(FeedStatus now) {
        String how = switch (now.state()) {
            case FOLLOWING -> String.format(Locale.ROOT, "%,d bytes, %,d ms", now.lagBytes(), now.lag().toMillis());
            case CONNECTING -> "not followed yet";
            case LOST -> "there was a gap; it is followed anew";
            case CLOSED -> "closed";
        };
        List<Fact> facts = new ArrayList<>(List.of(new Fact("behind the database's log", how)));
        now.problems().forEach(problem -> facts.add(new Fact("problem", problem)));
        return facts;
    }

    /** What the database should be asked to mend, in sentences. */
    List<String> problems() {
        return feed.map(following -> following.status().problems()).orElse(List.of());
    }

    /** The cache is not used any more: the database keeps no log for it, and an empty journal leaves nothing. */
    void leave() {
        feed.ifPresent(following -> {
            if (following.drop() instanceof Removal.Left(String why, String byHand)) {
                at.log().warn("changes", "the database may keep log for a cache that is gone: " + why + "; mend it by: " + byHand);
            }
        });
        journal.ifPresent(writes -> {
            long left = writes.leave(FAREWELL);
            if (left > 0) {
                at.log().warn("cache", left + " acknowledged writes are not in the database yet and stay in " + writes.folder() + ": the next start, or growing to the cache again, takes them there");
            }
        });
        strategies.close();
    }

    /** What is not in the database stays in the journal's folder. */
    @Override
    public void close() {
        feed.ifPresent(ChangeFeed::close);
        journal.ifPresent(SiteJournal::close);
        strategies.close();
    }
}
