package dev.banyan.postgres.wire;

import dev.banyan.net.Clock;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Users as the server itself knows them (pg_authid). An answer is kept for some seconds, "unknown" too; those who ask for one user at a time
 * cause one question. Safe for any loop.
 */
public final class CatalogueUsers implements Users {
    private final Lookup lookup;
    private final Clock clock;
    private final long keepNanos;
    private final int most;
    /** By user, the one asked for longest ago first; guarded by this. */
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /**
     * @param keep how long an answer counts; a changed password is known that much later
     * @param most users remembered
     */
    public CatalogueUsers(Lookup lookup, Clock clock, Duration keep, int most) {
        this.lookup = lookup;
        this.clock = clock;
        this.keepNanos = keep.toNanos();
        this.most = most;
    }

    private record Waiting(EventLoop loop, Consumer<Found> found) {
        void tell(Found answer) {
            loop.execute(() -> found.accept(answer));
        }
    }

    /** One user's; waiting is null once there is an answer. */
    private static final class Entry {
        List<Waiting> waiting = new ArrayList<>();
        Found answer;
        long until;
    }

    @Override
    public void find(String user, EventLoop loop, Consumer<Found> found) {
        Optional<Found> known = known(user, new Waiting(loop, found));
        if (known.isPresent()) {
            found.accept(known.get());
        }
    }

    /** Whoever waits for an answer gets the one that is on its way. */
    @Override
    public synchronized void changed() {
        entries.clear();
    }

    private Optional<Found> known(String user, Waiting asker) {
        Entry entry;
        synchronized (this) {
            entry = entries.get(user);
            if (entry != null && entry.answer != null && clock.nanos() - entry.until < 0) {
                return Optional.of(entry.answer);
            }
            if (entry != null && entry.answer == null) {
                entry.waiting.add(asker);
                return Optional.empty();
            }
            entry = new Entry();
            entry.waiting.add(asker);
            remember(user, entry);
        }
        ask(user, asker.loop(), entry);
        return Optional.empty();
    }

    private void remember(String user, Entry entry) {
        entries.remove(user);
        entries.put(user, entry);
        while (entries.size() > most) {
            entries.remove(entries.keySet().iterator().next()); // who waits there still gets the answer
        }
    }

    private void ask(String user, EventLoop loop, Entry entry) {
        lookup.ask(user, loop, new Lookup.Reply() {
            @Override
            public void secret(Optional<String> rolpassword) {
                answered(user, entry, rolpassword.flatMap(StoredSecret::read).<Found>map(Found.Known::new).orElseGet(Found.Unknown::new));
            }

            @Override
            public void failed(PostgresError why) {
                answered(user, entry, new Found.Failed(Refusal.USERS_UNKNOWN.fatal(user, why.message())));
            }
        });
    }

    private void answered(String user, Entry entry, Found answer) {
        List<Waiting> waiting;
        synchronized (this) {
            waiting = entry.waiting;
            entry.waiting = null;
            entry.answer = answer;
            entry.until = clock.nanos() + keepNanos;
            if (answer instanceof Found.Failed) {
                entries.remove(user, entry); // the next may have more luck
            }
        }
        waiting.forEach(one -> one.tell(answer));
    }
}
