package dev.banyan.control.database;

import dev.banyan.topology.Failover;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All that the next remedy is decided from. Immutable; times are the clock's nanoseconds.
 *
 * @param shown what the router was told last
 * @param sights of every server that has data on disk, members or not
 * @param busy servers that are being started, cloned or deleted beside
 * @param recruit the replica that is being made
 * @param ledSince when this control came to know of the record's primary: what was seen of others before says nothing of whom they follow
 * @param askedAt when all were last asked at once, after a fence
 * @param recruitAt when the next replica may be made
 * @param failedRecruits in a row
 */
record Situation(
        Failover rules, ClusterRecord record, Shown shown, Map<String, Sight> sights, Set<String> busy, Waiting waiting, Optional<Recruit> recruit,
        Wishes wishes, long ledSince, long askedAt, long recruitAt, int failedRecruits, long now) {
    /** Busy while the primary is being told for whom commits wait. */
    static final String COMMITS = "commits";

    Situation {
        sights = Collections.unmodifiableMap(new TreeMap<>(sights)); // in an order: a simulation shall run the same way twice
        busy = Set.copyOf(busy);
    }

    /** At the beginning: nothing was seen, nothing shown. */
    static Situation of(Failover rules, ClusterRecord record, Set<String> onDisk, long now) {
        Map<String, Sight> sights = new TreeMap<>();
        onDisk.forEach(name -> sights.put(name, Sight.unseen(now)));
        record.members().forEach(name -> sights.put(name, Sight.unseen(now)));
        return new Situation(rules, record, Shown.NOTHING, sights, Set.of(), Waiting.UNKNOWN, Optional.empty(), Wishes.NONE, now, Long.MIN_VALUE, now, 0, now);
    }

    String primary() {
        return record.primary();
    }

    Sight sight(String name) {
        return sights.getOrDefault(name, Sight.unseen(now));
    }

    Sight leader() {
        return sight(primary());
    }

    /** Whether the primary takes writes, as far as the last look showed. */
    boolean primaryServes() {
        return !leader().lost(rules.fall()) && leader().answer().filter(answer -> !answer.inRecovery()).isPresent();
    }

    boolean lost(String name) {
        return sight(name).lost(rules.fall());
    }

    boolean streams(String name) {
        return !lost(name) && sight(name).streamsFrom(primary(), ledSince);
    }

    boolean isBusy(String name) {
        return busy.contains(name);
    }

    boolean due(String name) {
        return !isBusy(name) && now >= sight(name).retryAt();
    }

    /** How long a server has to answer before it is lost. */
    Duration detection() {
        return rules.interval().multipliedBy(rules.fall());
    }

    List<String> streaming() {
        return record.replicas().stream().filter(this::streams).toList();
    }

    Situation at(long time) {
        return new Situation(rules, record, shown, sights, busy, waiting, recruit, wishes, ledSince, askedAt, recruitAt, failedRecruits, time);
    }

    /** Another primary is another history: what commits wait for there is not known. */
    Situation recorded(ClusterRecord next) {
        boolean same = next.epoch() == record.epoch();
        return new Situation(rules, next, shown, sights, busy, same ? waiting : Waiting.UNKNOWN, recruit, wishes, same ? ledSince : now, askedAt, recruitAt,
                failedRecruits, now);
    }

    /** With a primary where there was none, replicas have time to follow it from now on. */
    Situation showing(Shown next) {
        Map<String, Sight> all = new TreeMap<>(sights);
        if (next.primary().isPresent() && shown.primary().isEmpty()) {
            all.replaceAll((name, sight) -> name.equals(primary()) ? sight : sight.patient(now));
        }
        return new Situation(rules, record, next, all, busy, waiting, recruit, wishes, ledSince, askedAt, recruitAt, failedRecruits, now);
    }

    Situation with(String name, Sight sight) {
        Map<String, Sight> all = new TreeMap<>(sights);
        all.put(name, sight);
        return with(all);
    }

    Situation without(String name) {
        Map<String, Sight> others = new TreeMap<>(sights);
        others.remove(name);
        return with(others);
    }

    private Situation with(Map<String, Sight> all) {
        return new Situation(rules, record, shown, all, busy, waiting, recruit, wishes, ledSince, askedAt, recruitAt, failedRecruits, now);
    }

    /** After a look at a server that began at that time. */
    Situation seen(String name, Look look, long at) {
        Situation next = with(name, sight(name).seen(look, at));
        return name.equals(primary()) && look instanceof Look.Answered answer && !answer.inRecovery()
                ? next.waiting(waiting.seen(answer.received(), at)) : next;
    }

    Situation asked() {
        return new Situation(rules, record, shown, sights, busy, waiting, recruit, wishes, ledSince, now, recruitAt, failedRecruits, now);
    }

    Situation waiting(Waiting next) {
        return new Situation(rules, record, shown, sights, busy, next, recruit, wishes, ledSince, askedAt, recruitAt, failedRecruits, now);
    }

    Situation busy(String name, boolean is) {
        Set<String> all = new TreeSet<>(busy);
        if (is) {
            all.add(name);
        } else {
            all.remove(name);
        }
        return new Situation(rules, record, shown, sights, all, waiting, recruit, wishes, ledSince, askedAt, recruitAt, failedRecruits, now);
    }

    Situation recruiting(Optional<Recruit> next) {
        return new Situation(rules, record, shown, sights, busy, waiting, next, wishes, ledSince, askedAt, recruitAt, failedRecruits, now);
    }

    /** The replica that was being made did not come to be: the next one waits a while, twice as long each time. */
    Situation gaveUp(Duration firstWait) {
        long wait = firstWait.toNanos() << Math.min(failedRecruits, 6);
        return new Situation(rules, record, shown, sights, busy, waiting, Optional.empty(), wishes, ledSince, askedAt, now + wait, failedRecruits + 1, now);
    }

    /** The replica that was being made is one. */
    Situation recruited() {
        return new Situation(rules, record, shown, sights, busy, waiting, Optional.empty(), wishes, ledSince, askedAt, now, 0, now);
    }

    Situation wishing(Wishes next) {
        return new Situation(rules, record, shown, sights, busy, waiting, recruit, next, ledSince, askedAt, recruitAt, failedRecruits, now);
    }
}
