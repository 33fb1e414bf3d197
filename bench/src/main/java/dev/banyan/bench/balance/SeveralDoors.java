package dev.banyan.bench.balance;

import dev.banyan.balance.Hash64;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.LongFunction;

/** Several front doors before the same servers: each gets its part of the requests at random, and knows only its own. */
final class SeveralDoors implements Subject {
    private final List<Subject> doors = new ArrayList<>();
    /** By server: the doors of its requests in flight. A simulated server of one worker ends them in the order they came. */
    private final List<Queue<Subject>> inFlight = new ArrayList<>();
    private long requests;

    /** @param door made from a seed, so that no two draw alike */
    SeveralDoors(int doors, int servers, LongFunction<Subject> door) {
        for (int i = 0; i < doors; i++) {
            this.doors.add(door.apply(i));
        }
        for (int i = 0; i < servers; i++) {
            inFlight.add(new ArrayDeque<>());
        }
    }

    @Override
    public String name() {
        return doors.getFirst().name();
    }

    @Override
    public int choose(long key, long workNanos, long nowNanos) {
        Subject door = doors.get((int) Long.remainderUnsigned(Hash64.mix(requests++), doors.size()));
        int server = door.choose(key, workNanos, nowNanos);
        inFlight.get(server).add(door);
        return server;
    }

    @Override
    public void ended(int server, long tookNanos, long nowNanos) {
        inFlight.get(server).remove().ended(server, tookNanos, nowNanos);
    }

    @Override
    public void tick(long nowNanos) {
        doors.forEach(door -> door.tick(nowNanos));
    }
}
