package dev.banyan.bench.balance;

import dev.banyan.balance.Hash64;
import dev.banyan.topology.FrontDoor.Algorithm;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongToIntFunction;

/** How evenly hashes spread keys over servers, and how many keys move when one of the servers comes or goes. */
final class KeyMoves {
    private final int keys;

    KeyMoves(int keys) {
        this.keys = keys;
    }

    /**
     * One hash with so many servers.
     *
     * @param most keys of the server with the most, over the mean
     * @param least keys of the server with the fewest, over the mean
     * @param movedByAdding the share of the keys that moved when one server was added; 1/(servers + 1) is the least possible
     * @param movedByRemoving the same when the last one was removed; 1/servers is the least possible
     * @param bytes of the hash's table
     */
    record Moves(String subject, int servers, double most, double least, double movedByAdding, double movedByRemoving, long bytes) {}

    List<Moves> all(int servers) {
        return List.of(
                moves("hash", servers, n -> group(Algorithm.HASH, n)),
                moves("consistent-hash", servers, n -> group(Algorithm.CONSISTENT_HASH, n)),
                moves("[maglev]", servers, this::maglev),
                moves("[ring of 1024]", servers, this::smallRing));
    }

    /** Where the keys lie, by key. */
    private record Placement(int[] servers, long bytes) {}

    private interface Hash {
        Placement over(int servers);
    }

    private Moves moves(String subject, int servers, Hash hash) {
        Placement placement = hash.over(servers);
        int[] count = new int[servers];
        for (int server : placement.servers()) {
            count[server]++;
        }
        double mean = keys / (double) servers;
        double added = moved(placement, hash.over(servers + 1));
        double removed = moved(placement, hash.over(servers - 1));
        double most = Arrays.stream(count).max().orElseThrow() / mean;
        double least = Arrays.stream(count).min().orElseThrow() / mean;
        return new Moves(subject, servers, most, least, added, removed, placement.bytes());
    }

    private double moved(Placement before, Placement after) {
        int moved = 0;
        for (int key = 0; key < keys; key++) {
            moved += before.servers()[key] == after.servers()[key] ? 0 : 1;
        }
        return moved / (double) keys;
    }

    private Placement group(Algorithm algorithm, int servers) {
        GroupSubject subject = GroupSubject.of(algorithm, 0, Fleet.equal(servers).weights(), 0);
        int[] places = new int[keys];
        for (int key = 0; key < keys; key++) {
            places[key] = subject.choose(Hash64.mix(key), 0, 0);
            subject.ended(places[key], 1, 0);
        }
        return new Placement(places, subject.tableBytes());
    }

    private Placement maglev(int servers) {
        Maglev maglev = new Maglev(MaglevSubject.names(servers), Fleet.equal(servers).weights());
        return new Placement(places(maglev::server), maglev.bytes());
    }

    private Placement smallRing(int servers) {
        RingOf1024 ring = new RingOf1024(MaglevSubject.names(servers));
        return new Placement(places(ring::server), ring.bytes());
    }

    private int[] places(LongToIntFunction hash) {
        int[] places = new int[keys];
        for (int key = 0; key < keys; key++) {
            places[key] = hash.applyAsInt(Hash64.mix(key));
        }
        return places;
    }
}
