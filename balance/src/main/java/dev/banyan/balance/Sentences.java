package dev.banyan.balance;

import dev.banyan.balance.HealthChange.Kind;
import dev.banyan.topology.Share;
import java.util.Optional;

/** The words of a group's health changes. Reads its roster; owned by its group's lock. */
final class Sentences {
    private final Roster roster;

    Sentences(Roster roster) {
        this.roster = roster;
    }

    HealthChange admitted(Server server, long now) {
        return of(Kind.ADMITTED, server, "admit " + server.name(), "its first check passed", now);
    }

    HealthChange fell(Server server, int fall, long now) {
        String why = count(fall, "check") + " failed in a row (last: " + server.lastCheckFailure() + ")";
        return of(Kind.FELL, server, "stop sending to " + server.name(), why, now);
    }

    HealthChange rose(Server server, int rise, long now) {
        return of(Kind.ROSE, server, "send to " + server.name() + " again", count(rise, "check") + " passed in a row", now);
    }

    HealthChange ejected(Server server, String why, long lengthNanos, long now) {
        return of(Kind.EJECTED, server, "eject " + server.name() + " for " + time(lengthNanos), why, now);
    }

    HealthChange spared(Server server, String why, int ejected, Share most, long now) {
        String limit = "but " + ejected + " of " + roster.counting() + " servers are ejected already and " + percent(most.of1()) + " may be";
        return of(Kind.SPARED, server, "keep " + server.name(), why + ", " + limit, now);
    }

    HealthChange returned(Server server, long now) {
        return of(Kind.RETURNED, server, "return " + server.name(), "its ejection is over", now);
    }

    HealthChange panic(Share threshold, long now) {
        String why = "fewer than " + percent(threshold.of1()) + " of the servers are healthy";
        return new HealthChange(Kind.PANIC, Optional.empty(), "panic: send to all servers", why, states(), now);
    }

    HealthChange calm(long now) {
        String why = "enough servers are healthy";
        return new HealthChange(Kind.CALM, Optional.empty(), "end the panic", why, states(), now);
    }

    /** Why a server gets requests, or none. */
    static String standing(Server server, boolean takes) {
        String last = server.lastCheckFailure().isEmpty() ? "" : " (last: " + server.lastCheckFailure() + ")";
        String state = switch (server.state()) {
            case UNPROVEN -> "has not passed its first check" + last;
            case HEALTHY -> "is healthy";
            case SICK -> "its checks fail" + last;
            case EJECTED -> "its requests failed: it gets none for a time";
            case DRAINING -> "is taken out of service";
            case REMOVED -> "is gone";
        };
        return takes && server.state() != ServerState.HEALTHY ? state + ", but health is ignored in a panic: too few are healthy" : state;
    }

    static String inARow(long failures, Outcome last) {
        return count(failures, "request") + " failed in a row (last: " + last.words() + ")";
    }

    static String share(FailureWindow window) {
        return percent(window.share()) + " of " + window.requests() + " requests failed in " + FailureWindow.SECONDS + " s";
    }

    private HealthChange of(Kind kind, Server server, String what, String why, long now) {
        String seen = states() + "; " + server.name() + ": " + server.inFlight() + " in flight, " + server.failures() + " of "
                + count(server.requests(), "request") + " failed since it was added";
        return new HealthChange(kind, Optional.of(server), what, why, seen, now);
    }

    private String states() {
        return roster.in(ServerState.HEALTHY) + " of " + count(roster.counting(), "server") + " healthy, "
                + roster.in(ServerState.EJECTED) + " ejected, " + roster.in(ServerState.SICK) + " sick";
    }

    private static String count(long n, String noun) {
        return n + " " + noun + (n == 1 ? "" : "s");
    }

    private static String percent(double share) {
        return Math.round(share * 100) + "%";
    }

    private static String time(long nanos) {
        long millis = nanos / 1_000_000;
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }
}
