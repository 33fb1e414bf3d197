package dev.banyan.postgres;

import java.util.List;
import java.util.Optional;

/**
 * Which servers the router may use, and as what, from now on. Immutable; a new one replaces the old whole.
 *
 * @param epoch grows with each change of the primary; the router closes connections to a primary of an earlier epoch, whatever they do
 * @param primary gets everything that is not proved to read only; while there is none, statements wait
 * @param replicas get reads; a server is in one role at a time
 * @param held new transactions wait, though there is a primary: a switchover is under way
 */
public record Cluster(long epoch, Optional<Member> primary, List<Member> replicas, boolean held) {
    public Cluster {
        replicas = List.copyOf(replicas);
    }

    /** One server that takes everything. */
    public static Cluster of(Member primary) {
        return new Cluster(1, Optional.of(primary), List.of(), false);
    }
}
