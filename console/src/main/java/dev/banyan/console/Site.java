package dev.banyan.console;

import java.util.List;
import java.util.Optional;

/**
 * The site as it is drawn: declared nodes and arrows, each with what is observed of it. A new one each second.
 *
 * @param name the site's name
 * @param stage the number of the stage it is at
 * @param stages all stages that it can be moved to, by number, its own among them
 * @param tiers from the users (left) to the stores (right); the drawing has a column for each
 * @param nodes in the order in which a tier shows them
 * @param arrows who asks whom
 * @param totals what users were answered since the start
 * @param hint the command that sends some traffic: {@code banyan load}
 * @param regions where its nodes are; the first is its own
 * @param slo what users are promised, and what is left of what may fail; empty when the site file promises nothing
 */
public record Site(
        String name, int stage, List<StageChoice> stages, List<Tier> tiers, List<Node> nodes, List<Arrow> arrows, Totals totals, String hint, List<Region> regions,
        List<Objective> slo) {
    public Site {
        regions = List.copyOf(regions);
        stages = List.copyOf(stages);
        tiers = List.copyOf(tiers);
        nodes = List.copyOf(nodes);
        arrows = List.copyOf(arrows);
        slo = List.copyOf(slo);
    }

    /** A site that is all in one region, which is named as it is. */
    public Site(String name, int stage, List<StageChoice> stages, List<Tier> tiers, List<Node> nodes, List<Arrow> arrows, Totals totals, String hint) {
        this(name, stage, stages, tiers, nodes, arrows, totals, hint, List.of(new Region(Region.HOME, name)), List.of());
    }

    /** A data center, or a place of its own where there is only an edge. */
    public record Region(String id, String title) {
        /** The id of the region that Banyan itself runs in. */
        public static final String HOME = "home";
    }

    /** A stage to move to, as {@code 3, "load balancer", "Several stateless ..."}. */
    public record StageChoice(int number, String title, String what) {}

    /** A column of the drawing. */
    public record Tier(String id, String title) {}

    /**
     * Someone or something in the site.
     *
     * @param id unique in the site, stable over its life: {@code web-1}
     * @param tier the id of its tier
     * @param kind how it is drawn
     * @param detail one short line: {@code 127.0.0.1:8080}, {@code PostgreSQL 17}
     * @param gauge what is drawn on it as its one number, where that is not the requests in flight: {@code 3 of 20 busy}; else empty
     * @param why one sentence on its health: {@code 5 connection failures in a row; tried again in 8 s}; empty when there is nothing to say
     * @param figures what it does; empty when it is not measured
     * @param facts more to know: process id, memory, weight, version
     * @param log the log to show with it; empty when there is none
     * @param drainable whether it can be drained and put back
     * @param promotable whether it can be made the primary by a switchover
     * @param region the id of the region it is in
     */
    public record Node(
            String id,
            String tier,
            Kind kind,
            String title,
            String detail,
            Health health,
            String gauge,
            String why,
            Optional<Figures> figures,
            List<Fact> facts,
            Optional<String> log,
            boolean drainable,
            boolean promotable,
            String region) {
        public Node {
            facts = List.copyOf(facts);
        }

        /** One that is where Banyan itself is. */
        public Node(String id, String tier, Kind kind, String title, String detail, Health health, String gauge, String why, Optional<Figures> figures, List<Fact> facts,
                Optional<String> log, boolean drainable, boolean promotable) {
            this(id, tier, kind, title, detail, health, gauge, why, figures, facts, log, drainable, promotable, Region.HOME);
        }

        /** The same, elsewhere. */
        public Node in(String region) {
            return new Node(id, tier, kind, title, detail, health, gauge, why, figures, facts, log, drainable, promotable, region);
        }
    }

    /** How a node is drawn. */
    public enum Kind {
        USERS,
        DNS,
        EDGE,
        FRONT_DOOR,
        APPLICATION,
        ROUTER,
        CACHE,
        DATABASE,
        REPLICA,
        QUEUE,
        WORKER,
        OTHER
    }

    /** How a node is. */
    public enum Health {
        /** Declared, and not started. */
        DECLARED,
        STARTING,
        UP,
        /** Ends what it has and gets nothing new. */
        DRAINING,
        /** Runs, but is left alone: it fails its checks, or its answers do. */
        SICK,
        DOWN
    }

    /** Something else to know about a node. */
    public record Fact(String name, String value) {}

    /**
     * Who asks whom.
     *
     * @param from a node's id
     * @param to a node's id
     * @param protocol as a user would say it: {@code HTTP}, {@code PostgreSQL}
     * @param figures what goes over it; empty when it is not measured
     */
    public record Arrow(String from, String to, String protocol, Optional<Figures> figures) {
        /** The log that a replica gets from its primary. */
        public static Arrow replication(String from, String to) {
            return new Arrow(from, to, "replication", Optional.empty());
        }
    }

    /**
     * What users were answered since the start.
     *
     * @param failed those of them that were answered by an error of ours (5xx) or not at all
     */
    public record Totals(long requests, long failed) {}

    /**
     * A promise to users, and how it is kept.
     *
     * @param name {@code availability} or {@code latency}
     * @param what as a sentence: {@code 99 % of answers within 300 ms}
     * @param target the share that is promised, as 0.999
     * @param windowSeconds the time it is promised over
     * @param left of what may fail in that time, the part that has not yet: 1 when nothing failed, below 0 when more did
     * @param burn how fast that goes, the shortest time first
     * @param alerting whether it goes so fast that somebody should look
     * @param alert why, as a sentence; empty when nobody has to
     */
    public record Objective(String name, String what, double target, long windowSeconds, double left, List<Burn> burn, boolean alerting, String alert) {
        public Objective {
            burn = List.copyOf(burn);
        }
    }

    /**
     * How fast the budget goes.
     *
     * @param window the time that was looked at: {@code 5m}, {@code 30m}, {@code 1h}, {@code 6h}, {@code 3d}
     * @param rate 1 when just all of it would be gone at the end of the promise's window
     */
    public record Burn(String window, double rate) {}
}
