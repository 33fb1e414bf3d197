package dev.banyan.topology;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A stage of growth, numbered as in the literature. A stage is a preset over the site file, see {@link Topology#stage()}. */
public enum Stage {
    @Doc("One application process and its database.")
    SINGLE_SERVER(1),
    @Doc("The database on a server of its own.")
    SEPARATE_DATABASE(2),
    @Doc("Several stateless application processes behind the load balancer; health checks, drain, rolling deploys.")
    LOAD_BALANCER(3),
    @Doc("Read replicas of the database, reads and writes apart, and a replica that is promoted when the primary is lost.")
    REPLICATION(4),
    @Doc("A cache in the Redis protocol, whose keys may be loaded from and written to the database by declared strategies.")
    CACHE(5),
    @Doc("HTTP caches in front of the front door, near users.")
    CDN(6);

    private final int number;

    Stage(int number) {
        this.number = number;
    }

    /**
     * The stage of that number.
     *
     * @throws IllegalArgumentException when it is not built; the message lists those that are
     */
    public static Stage of(int number) {
        return Arrays.stream(values())
                .filter(stage -> stage.number == number)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no stage " + number + " yet: the stages are " + list()));
    }

    /** All stages in a sentence: {@code 1 single server, 3 load balancer}. */
    public static String list() {
        return Arrays.stream(values()).map(Stage::title).collect(Collectors.joining(", "));
    }

    public int number() {
        return number;
    }

    /** {@code 3 load balancer}. */
    public String title() {
        return number + " " + name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Where {@code banyan grow} leads; empty at the last stage. */
    public Optional<Stage> next() {
        return ordinal() + 1 < values().length ? Optional.of(values()[ordinal() + 1]) : Optional.empty();
    }

    /** The stage before; empty at the first. */
    public Optional<Stage> previous() {
        return ordinal() > 0 ? Optional.of(values()[ordinal() - 1]) : Optional.empty();
    }

    public boolean atLeast(Stage other) {
        return number >= other.number;
    }
}
