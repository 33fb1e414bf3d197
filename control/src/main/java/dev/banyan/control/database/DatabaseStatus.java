package dev.banyan.control.database;

import dev.banyan.topology.HostPort;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The database's servers, for people.
 *
 * @param synchronous the replicas of which one has every commit that was acknowledged; empty when that is not promised
 */
public record DatabaseStatus(long epoch, Optional<String> primary, List<String> synchronous, List<Server> servers) {
    /**
     * One server.
     *
     * @param behind bytes of the primary's log that it has not replayed, as of the last look; 0 for the primary
     * @param trouble what is wrong with it; empty when nothing is
     */
    public record Server(String name, Optional<HostPort> address, Condition condition, long behind, String trouble) {}

    /** What a server is doing. */
    public enum Condition {
        PRIMARY,
        REPLICA,
        /** A replica is being made. */
        COMING,
        /** It does not serve as what it is recorded as. */
        LOST,
        /** It is no member any more. */
        GOING
    }

    public DatabaseStatus {
        synchronous = List.copyOf(synchronous);
        servers = List.copyOf(servers);
    }

    static DatabaseStatus of(Situation now, Function<String, HostPort> address) {
        return new DatabaseStatus(now.record().epoch(), now.shown().primary(), now.record().synchronous(),
                ServerName.sorted(now.sights().keySet()).stream().map(name -> server(name, now, address)).toList());
    }

    private static Server server(String name, Situation now, Function<String, HostPort> address) {
        Condition condition = condition(name, now);
        boolean runs = condition == Condition.PRIMARY || condition == Condition.REPLICA;
        long behind = condition == Condition.REPLICA ? Math.max(0, position(now.leader()) - now.sight(name).answer().map(Look.Answered::replayed).orElse(0L)) : 0;
        return new Server(name, runs ? Optional.of(address.apply(name)) : Optional.empty(), condition, behind, now.sight(name).trouble());
    }

    private static long position(Sight sight) {
        return sight.answer().map(Look.Answered::received).orElse(0L);
    }

    private static Condition condition(String name, Situation now) {
        if (now.recruit().filter(recruit -> recruit.name().equals(name)).isPresent()) {
            return Condition.COMING;
        }
        if (!now.record().members().contains(name) || now.wishes().going().contains(name)) {
            return Condition.GOING;
        }
        if (name.equals(now.primary())) {
            return now.shown().primary().isPresent() ? Condition.PRIMARY : Condition.LOST;
        }
        return now.streams(name) ? Condition.REPLICA : Condition.LOST;
    }
}
