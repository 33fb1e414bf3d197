package dev.banyan.postgres;

import dev.banyan.net.Clock;
import dev.banyan.topology.HostPort;
import io.netty.channel.EventLoop;
import io.netty.channel.ManualIoEventLoop;
import io.netty.channel.local.LocalIoHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A primary and its replicas as far as positions go, in one thread and virtual time: a log that grows, replicas that replay it late, restart
 * (and then have less for a while), fall silent, are lost; a failover. Messages take random times there and back.
 */
final class ReplicationWorld {
    static final long MICRO = 1_000;
    static final long MILLI = 1_000_000;

    final VirtualTime time = new VirtualTime();
    final ManualIoEventLoop loop = new ManualIoEventLoop(null, Thread.currentThread(), LocalIoHandler.newFactory(), time.ticker());
    final SplittableRandom random;
    final List<Node> nodes = new ArrayList<>();
    /** The primary's position after each commit, by the time it was made. */
    final TreeMap<Long, Long> commits = new TreeMap<>();
    Node primary;
    long epoch = 1;
    /** How long a replica may stand still, in microseconds. */
    int stallMicros = 20_000;

    ReplicationWorld(long seed, int replicas) {
        random = new SplittableRandom(seed);
        for (int i = 0; i <= replicas; i++) {
            nodes.add(new Node(i + 1));
        }
        primary = nodes.getFirst();
        commits.put(Long.MIN_VALUE, primary.position);
        nodes.forEach(this::replay);
    }

    /** A server. Its position is where its log ends, as a primary, or what it has replayed. */
    final class Node {
        final Member member;
        long position = 0x100_0000;
        int incarnation;
        /** What is told when it ends. */
        final List<Runnable> connections = new ArrayList<>();
        boolean silent;
        boolean down;
        /** It answers, but replays nothing. */
        boolean frozen;

        Node(int number) {
            member = new Member("db-" + number, new HostPort("127.0.0.1", 5400 + number));
        }

        boolean isPrimary() {
            return this == primary;
        }

        /** It ends and starts again, with less than it had if it is a replica. */
        void restart() {
            incarnation++;
            connections.forEach(Runnable::run);
            connections.clear();
            down = true;
            loop.schedule(() -> {
                down = false;
                if (!isPrimary()) {
                    position -= Math.min(random.nextInt(2_000), position - 0x100_0000);
                }
            }, 20 + random.nextInt(200), TimeUnit.MILLISECONDS);
        }
    }

    Cluster cluster() {
        return new Cluster(epoch, Optional.of(primary.member), nodes.stream().filter(n -> !n.isPrimary()).map(n -> n.member).toList(), false);
    }

    Node node(Member member) {
        return nodes.stream().filter(n -> n.member.equals(member)).findFirst().orElseThrow();
    }

    /** Something is committed at the primary now. */
    long commit() {
        primary.position += 8 * (1 + random.nextInt(100));
        commits.put(time.nanos(), primary.position);
        return primary.position;
    }

    /** The position that all that was committed up to that moment lies within. */
    long committedBy(long nanos) {
        return commits.floorEntry(nanos).getValue();
    }

    /** The replica with the furthest position becomes the primary; what it has not is lost. */
    void failOver() {
        Node lost = primary;
        primary = nodes.stream().filter(n -> n != lost).max((a, b) -> Long.compare(a.position, b.position)).orElseThrow();
        epoch++;
        lost.position = Math.min(lost.position, primary.position);
        lost.restart();
        commits.put(time.nanos(), primary.position);
    }

    private void replay(Node node) {
        if (!node.isPrimary() && !node.down && !node.silent && !node.frozen) {
            long behind = primary.position - node.position;
            node.position += random.nextInt(3) == 0 ? behind : (long) (behind * random.nextDouble());
        }
        boolean stall = random.nextInt(20) == 0;
        long wait = stall ? random.nextInt(stallMicros) : 50 + random.nextInt(1_000);
        loop.schedule(() -> replay(node), wait, TimeUnit.MICROSECONDS);
    }

    /** Runs what comes after a random time that a message takes. */
    void later(Runnable what) {
        loop.schedule(what, random.nextInt(10) == 0 ? random.nextInt(3_000) : 20 + random.nextInt(100), TimeUnit.MICROSECONDS);
    }

    void pass(Duration duration) {
        long until = time.nanos() + duration.toNanos();
        while (time.nanos() < until) {
            loop.runNow();
            time.advance(20 * MICRO);
        }
        loop.runNow();
    }

    Monitor.Opener monitors() {
        return (member, _, opening) -> later(() -> {
            Node node = node(member);
            if (node.down) {
                later(() -> opening.failed("connection refused"));
            } else {
                opening.opened(new Asking(node));
            }
        });
    }

    private final class Asking implements Monitor {
        private final Node node;
        private final int incarnation;

        Asking(Node node) {
            this.node = node;
            this.incarnation = node.incarnation;
        }

        @Override
        public void ask(String sql, Reply reply) {
            later(() -> answer(sql, reply));
        }

        private void answer(String sql, Reply reply) {
            if (node.silent) {
                loop.schedule(() -> answer(sql, reply), 1, TimeUnit.MILLISECONDS);
            } else if (node.incarnation != incarnation) {
                reply.failed("connection reset");
            } else {
                String recovery = node.isPrimary() ? "f" : "t";
                String position = Lsn.format(node.position);
                List<String> role = List.of(recovery, node.isPrimary() ? "" + epoch : "0", node.member.address().port() + "" + node.incarnation, "7");
                List<String> row = sql.equals(PositionQuestion.SQL) ? List.of(recovery, position, position, "0") : role;
                later(() -> {
                    if (node.incarnation == incarnation) {
                        reply.rows(List.of(row));
                    } else {
                        reply.failed("connection reset");
                    }
                });
            }
        }

        @Override
        public void whenClosed(Runnable task) {
            node.connections.add(() -> later(task));
        }

        @Override
        public void close() {}
    }

    Clock clock() {
        return time;
    }

    EventLoop loop() {
        return loop;
    }
}
