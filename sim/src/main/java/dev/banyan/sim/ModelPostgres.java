package dev.banyan.sim;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One PostgreSQL server as far as failover can tell: its log, every entry unlike any other, so that two logs agree as far as they have the same
 * entry at the same place. What is in the log is on disk.
 */
final class ModelPostgres {
    final String name;
    /** Its data are there and whole. */
    boolean whole;
    boolean running;
    /** Stopped by SIGSTOP: it does nothing, and may go on later. */
    boolean hung;
    /** Nothing but its processes' end can be done to it. */
    boolean unreachable;
    boolean standby;
    /** Its last stop was a clean one. */
    boolean clean;
    String source = "";
    boolean streaming;
    Optional<String> stranded = Optional.empty();
    long timeline = 1;
    List<Integer> log = new ArrayList<>();
    int replayed;
    /** A started standby does not know before then how much log it has. */
    long settledAt;
    long startedAt;
    Set<String> waitsFor = Set.of();
    /** Commits that were written and wait for a standby: their places in the log. */
    final List<Waiting> waiting = new ArrayList<>();

    /**
     * A client that waits for its commit.
     *
     * @param connection the epoch of the router's connection
     */
    record Waiting(int commit, int length, long connection) {}

    ModelPostgres(String name) {
        this.name = name;
    }

    boolean writable() {
        return running && !standby;
    }

    boolean works() {
        return running && !hung;
    }

    /** Whether all it has is the beginning of what the other has. */
    boolean isBehind(ModelPostgres other) {
        int last = log.size() - 1;
        return last < 0 || other.log.size() > last && other.log.get(last).equals(log.get(last));
    }

    void receive(ModelPostgres from, int upTo) {
        for (int i = log.size(); i < upTo; i++) {
            log.add(from.log.get(i));
        }
        timeline = from.timeline;
    }

    void end() {
        running = false;
        hung = false;
        streaming = false;
        clean = false;
        waiting.clear();
    }

    void promote() {
        standby = false;
        streaming = false;
        source = "";
        replayed = log.size();
        timeline++;
    }

    void copy(ModelPostgres from) {
        log = new ArrayList<>(from.log);
        replayed = log.size();
        timeline = from.timeline;
        source = from.name;
        waitsFor = from.waitsFor;
        standby = true;
        streaming = false;
        stranded = Optional.empty();
        whole = true;
    }

    boolean hasAll(Set<Integer> commits) {
        return log.size() >= commits.size() && new HashSet<>(log).containsAll(commits);
    }

    @Override
    public String toString() {
        return name + (standby ? " standby of " + source : " primary") + (running ? hung ? " hung" : " runs" : " down") + " at " + log.size();
    }
}
