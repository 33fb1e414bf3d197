package dev.banyan.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.banyan.cache.WriteCommand.Cell;
import dev.banyan.cache.WriteCommand.Outcome;
import dev.banyan.cache.WriteCommand.Wanted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * A primary and a standby as far as commits and their visibility go: transaction ids are given before rows are locked, a commit is in the log
 * before the primary shows it (as with synchronous replication), and the standby shows commits in the order of the log, late. Rows are numbers
 * that count up.
 */
final class ModelDatabase implements Rows, RowWrites {
    /** A commit in the log. */
    record Logged(int xid, List<CacheKey> keys) {}

    private record Version(int xid, int number) {}

    private final Interleaving world;
    private final Map<CacheKey, List<Version>> rows = new HashMap<>();
    private final Map<CacheKey, Boolean> locked = new HashMap<>();
    private final TreeSet<Integer> running = new TreeSet<>();
    private final List<Logged> log = new ArrayList<>();
    private final long commitMicros;
    private int nextXid = 100;
    private int latestEnded = 99;
    private int replayed;

    /** @param commitMicros the longest a commit is in the log before the primary shows it */
    ModelDatabase(Interleaving world, long commitMicros) {
        this.world = world;
        this.commitMicros = commitMicros;
    }

    List<Logged> log() {
        return log;
    }

    boolean visible(Logged commit) {
        return !running.contains(commit.xid());
    }

    /** The standby replays one more commit. */
    void replay() {
        replayed = Math.min(replayed + 1, log.size());
    }

    boolean lagging() {
        return replayed < log.size();
    }

    /** What the primary shows. */
    int number(CacheKey key) {
        return value(key, primary()).orElse(0);
    }

    /** The number that a transaction has given a row. */
    int versionBy(CacheKey key, int xid) {
        return rows.get(key).stream().filter(version -> version.xid() == xid).findFirst().orElseThrow().number();
    }

    private Snapshot primary() {
        long xmax = latestEnded + 1;
        long[] between = running.stream().filter(xid -> xid < xmax).mapToLong(xid -> xid).toArray();
        return new Snapshot(running.isEmpty() ? xmax : Math.min(running.first(), xmax), xmax, between, false);
    }

    private Optional<Integer> value(CacheKey key, Snapshot snapshot) {
        List<Version> versions = rows.getOrDefault(key, List.of());
        for (int i = versions.size() - 1; i >= 0; i--) {
            if (snapshot.sees(versions.get(i).xid())) {
                return Optional.of(versions.get(i).number());
            }
        }
        return Optional.empty();
    }

    @Override
    public Loaded load(CacheKey key, Place place) {
        world.pause(300);
        Loaded loaded = place == Place.PRIMARY ? loaded(value(key, primary()), primary()) : atStandby(key);
        world.pause(3_000); // on its way back
        return loaded;
    }

    private static Loaded loaded(Optional<Integer> number, Snapshot snapshot) {
        return new Loaded(number.map(value -> value.toString().getBytes(UTF_8)), true, snapshot);
    }

    private Loaded atStandby(CacheKey key) {
        List<Integer> ended = log.subList(0, replayed).stream().map(Logged::xid).toList();
        long xmax = ended.stream().mapToInt(xid -> xid).max().orElse(99) + 1;
        long xmin = xmax;
        for (int xid = 100; xid < xmin; xid++) {
            if (!ended.contains(xid)) {
                xmin = xid;
            }
        }
        List<Version> versions = rows.getOrDefault(key, List.of());
        Optional<Integer> number = versions.reversed().stream().filter(version -> ended.contains(version.xid())).findFirst().map(Version::number);
        return loaded(number, new Snapshot(xmin, xmax, new long[0], true));
    }

    /** A program's own transaction, which may be undone. Each row counts up. */
    void change(List<CacheKey> keys, boolean undone) {
        transaction(keys, undone, _ -> {});
    }

    private Version transaction(List<CacheKey> keys, boolean undone, BeforeCommit before) {
        int xid = nextXid++;
        running.add(xid);
        Map<CacheKey, Version> written = new HashMap<>();
        for (CacheKey key : keys.stream().sorted((a, b) -> a.toString().compareTo(b.toString())).toList()) {
            world.pause(500);
            world.awaitThat(() -> !locked.getOrDefault(key, false));
            locked.put(key, true);
            List<Version> versions = rows.computeIfAbsent(key, _ -> new ArrayList<>());
            Version version = new Version(xid, versions.isEmpty() ? 1 : versions.getLast().number() + 1);
            versions.add(version);
            written.put(key, version);
        }
        before.changed(xid);
        world.pause(500);
        if (undone) {
            written.forEach((key, version) -> rows.get(key).remove(version));
        } else {
            log.add(new Logged(xid, keys));
            world.pause(commitMicros);
        }
        running.remove(xid);
        latestEnded = Math.max(latestEnded, xid);
        keys.forEach(key -> locked.put(key, false));
        return written.get(keys.getFirst());
    }

    @Override
    public Written write(Bound bound, List<String> parts, WriteCommand command, BeforeCommit before) {
        if (!(command.wanted() instanceof Wanted.Put(List<Cell> _, WriteCommand.When _))) {
            throw new IllegalArgumentException("only puts");
        }
        Version version = transaction(List.of(CacheKey.of(bound.rule(), parts)), false, before);
        world.pause(300);
        return new Written(new Outcome(true, Optional.empty(), OptionalLong.of(version.number())), Optional.of(version.xid()), Optional.of(Integer.toString(version.number()).getBytes(UTF_8)));
    }
}
