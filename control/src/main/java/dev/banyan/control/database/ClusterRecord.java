package dev.banyan.control.database;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is known on disk of the database's servers, so that a Banyan that was not there goes on from it. No server but its primary is ever
 * started as a primary, or promoted.
 *
 * <p>The promise of {@code synchronous}, when it is not empty: every commit that was acknowledged is on the disk of at least one of them. So
 * whichever of them has the longest log has them all, once all of them have been asked.
 *
 * @param epoch grows with each change of the primary; from 1
 * @param primary the one server that may take writes
 * @param members all servers with good data, the primary included, in the order of their names
 * @param synchronous the standbys of the promise above, in the order of their names; empty when none is given
 * @param named the highest number that a server of this site was ever called by: no name is used twice
 */
public record ClusterRecord(long epoch, String primary, List<String> members, List<String> synchronous, int named) {
    public ClusterRecord {
        members = ServerName.sorted(members);
        synchronous = ServerName.sorted(synchronous);
        if (!members.contains(primary)) {
            throw new IllegalArgumentException("the primary " + primary + " is none of the members " + members);
        }
        if (synchronous.contains(primary) || !members.containsAll(synchronous)) {
            throw new IllegalArgumentException("commits can wait only for replicas among the members " + members + ", not for " + synchronous);
        }
    }

    /** The first server of a site. */
    public static ClusterRecord first() {
        return new ClusterRecord(1, ServerName.of(1), List.of(ServerName.of(1)), List.of(), 1);
    }

    /** What the server of that number is called. */
    public static String name(int number) {
        return ServerName.of(number);
    }

    /** All members but the primary. */
    public List<String> replicas() {
        return members.stream().filter(name -> !name.equals(primary)).toList();
    }

    /** The name of the next server that is made. */
    public String nextName() {
        return ServerName.of(named + 1);
    }

    /** A server's name is given away, whether it comes to be a member or not. */
    ClusterRecord naming(String name) {
        return new ClusterRecord(epoch, primary, members, synchronous, Math.max(named, ServerName.number(name)));
    }

    ClusterRecord with(String member) {
        Set<String> all = new TreeSet<>(members);
        all.add(member);
        return new ClusterRecord(epoch, primary, List.copyOf(all), synchronous, named).naming(member);
    }

    ClusterRecord without(String member) {
        List<String> others = new ArrayList<>(members);
        others.remove(member);
        return new ClusterRecord(epoch, primary, others, synchronous, named);
    }

    ClusterRecord promising(Collection<String> standbys) {
        return new ClusterRecord(epoch, primary, members, List.copyOf(standbys), named);
    }

    /** Another primary from the next epoch on. Nothing is promised of its commits yet, and the old one is a member only if its data are still good. */
    ClusterRecord ledBy(String next, boolean oldIsGood) {
        List<String> all = oldIsGood ? members : members.stream().filter(name -> !name.equals(primary)).toList();
        return new ClusterRecord(epoch + 1, next, all, List.of(), named);
    }
}
