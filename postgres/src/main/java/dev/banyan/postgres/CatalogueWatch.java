package dev.banyan.postgres;

import dev.banyan.net.Clock;
import dev.banyan.postgres.sql.Catalogue;
import dev.banyan.postgres.wire.ServerOpening;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Keeps what is known of one database's functions and relations: asks the primary every half a minute, and soon after something was defined.
 * While it cannot ask, what was known last stays; before the first answer nothing is, and only PostgreSQL's own functions are taken for
 * harmless. Owned by its loop; its public methods may be called by any thread.
 */
public final class CatalogueWatch implements AutoCloseable {
    /** Rows of one answer: well below what a monitor takes, names being 63 bytes at most. */
    static final int PAGE = 500;

    private static final long PACE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long SOON_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final EventLoop loop;
    private final Monitor.Opener opener;
    private final Clock clock;
    private final Consumer<Catalogue> catalogues;
    private final Future<?> ticks;
    private final Set<String> writing = new HashSet<>();
    private final Set<String> harmless = new HashSet<>();
    private final Set<String> primaryOnly = new HashSet<>();
    private Optional<MemberWatch> watch = Optional.empty();
    private Catalogue last = Catalogue.NONE;
    private int page;
    /** Something may have been defined since what is known was asked for. */
    private boolean dirty;
    private long definedNanos;
    private boolean closed;

    /**
     * @param monitors as a user of that database
     * @param catalogues told each change, on the loop: it hands over and returns
     */
    CatalogueWatch(EventLoop loop, Monitor.Opener monitors, Clock clock, Consumer<Catalogue> catalogues) {
        this.loop = loop;
        this.opener = monitors;
        this.clock = clock;
        this.catalogues = catalogues;
        this.ticks = loop.scheduleAtFixedRate(() -> watch.ifPresent(MemberWatch::tick), TICK_NANOS, TICK_NANOS, TimeUnit.NANOSECONDS);
    }

    /**
     * Begins; nobody is asked before {@link #ask}.
     *
     * @param login any user of the database
     * @param catalogues told each change, on the loop: it hands over and returns
     */
    public static CatalogueWatch of(EventLoop loop, ServerOpening servers, Login login, Clock clock, Consumer<Catalogue> catalogues) {
        return new CatalogueWatch(loop, new Monitors(servers, () -> login), clock, catalogues);
    }

    /** That is the primary from now on; nobody is asked while there is none. */
    public void ask(Optional<Member> primary) {
        loop.execute(() -> {
            if (!closed && !primary.equals(watch.map(MemberWatch::member))) {
                end();
                watch = primary.map(member -> new MemberWatch(member, question(0), loop, opener, clock, new Listening()));
                watch.ifPresent(MemberWatch::start);
            }
        });
    }

    /** Something may have been defined: a statement has ended that is not known to define nothing. */
    public void look() {
        loop.execute(() -> {
            dirty = true;
            definedNanos = clock.nanos();
            watch.ifPresent(MemberWatch::hurry);
        });
    }

    private static String question(int page) {
        return "select * from (" + Catalogue.QUERY + ") as known (what, name) order by what, name limit " + PAGE + " offset " + page * PAGE;
    }

    private void restart() {
        page = 0;
        writing.clear();
        harmless.clear();
        primaryOnly.clear();
    }

    private void take(List<String> row) {
        Set<String> names = switch (row.getFirst()) {
            case "volatile" -> writing;
            case "harmless" -> harmless;
            default -> primaryOnly;
        };
        names.add(row.get(1));
    }

    private void publish() {
        Catalogue now = new Catalogue(writing, harmless, primaryOnly);
        restart();
        if (!now.equals(last)) {
            last = now;
            catalogues.accept(now);
        }
    }

    private void end() {
        watch.ifPresent(MemberWatch::stop);
        watch = Optional.empty();
        restart();
    }

    @Override
    public void close() {
        loop.execute(() -> {
            closed = true;
            ticks.cancel(false);
            end();
        });
    }

    private final class Listening implements MemberWatch.Listener {
        @Override
        public void answered(MemberWatch watch, long sentNanos, List<List<String>> rows) {
            if (page == 0 && sentNanos - definedNanos >= 0) {
                dirty = false;
            }
            rows.forEach(CatalogueWatch.this::take);
            if (rows.size() == PAGE) {
                page++;
            } else {
                publish();
            }
            watch.question(question(page));
        }

        /** What was read of it by half is read anew. */
        @Override
        public void lost(MemberWatch watch, String why) {
            restart();
            watch.question(question(0));
        }

        @Override
        public long pace(MemberWatch watch) {
            return page > 0 || dirty ? SOON_NANOS : PACE_NANOS;
        }
    }
}
