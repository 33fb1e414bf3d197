package dev.banyan.balance;

import dev.banyan.topology.FrontDoor.Health;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Passive health: decides who is ejected and for how long, and whose ejection is over. Owned by its group's lock. */
final class Ejector {
    private final Roster roster;
    private final Sentences sentences;

    Ejector(Roster roster, Sentences sentences) {
        this.roster = roster;
        this.sentences = sentences;
    }

    /**
     * Ejects a healthy server whose requests fail, or spares it because too many are ejected already, which is told once until it was well
     * for ten seconds. A server that stands alone is never ejected, and that is not told.
     */
    Optional<HealthChange> judge(Server server, String why, Health health, long nowNanos) {
        Standing standing = server.standing;
        server.tally.forgetRow();
        if (standing.state() != ServerState.HEALTHY || roster.counting() == 1) {
            return Optional.empty();
        }
        int ejected = roster.in(ServerState.EJECTED);
        if (ejected < most(health)) {
            long length = standing.ejections.eject(health.ejection().toNanos(), nowNanos);
            return Optional.of(sentences.ejected(server, why, length, nowNanos));
        }
        if (standing.spared) {
            return Optional.empty();
        }
        standing.spared = true;
        return Optional.of(sentences.spared(server, why, ejected, health.maximumEjected(), nowNanos));
    }

    /** Those whose share of failures in the last ten seconds is too large, the worst first. */
    List<Server> failing(Health health) {
        double share = health.failureShare().of1();
        return roster.servers().stream()
                .filter(server -> share > 0 && server.standing.window.requests() >= Math.max(health.minimumRequests(), 1))
                .filter(server -> server.standing.window.share() >= share)
                .sorted(Comparator.comparingDouble((Server server) -> server.standing.window.share()).reversed())
                .toList();
    }

    /** Moves a server's window on and ends its ejection when its time is over; true when it did. What failed before is then forgotten. */
    boolean passTime(Server server, Health health, long nowNanos) {
        Standing standing = server.standing;
        standing.window.roll(server.tally, nowNanos);
        standing.spared &= standing.window.failures() > 0;
        standing.ejections.forgive(health.ejection().toNanos(), nowNanos);
        if (!standing.ejections.end(nowNanos)) {
            return false;
        }
        forget(server);
        return true;
    }

    /** Forgets what failed until now, of a server that serves again. */
    void forget(Server server) {
        server.tally.forgetRow();
        server.standing.window.clear(server.tally);
    }

    /** At least one, unless the share is 0. */
    private int most(Health health) {
        double share = health.maximumEjected().of1();
        return share == 0 ? 0 : (int) Math.max(1, Math.floor(share * roster.counting()));
    }
}
