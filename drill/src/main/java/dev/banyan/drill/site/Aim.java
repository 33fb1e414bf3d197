package dev.banyan.drill.site;

import dev.banyan.drill.site.SiteState.Node;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What exactly is broken.
 *
 * @param victim the node
 * @param target what the fault is done to: the node, or an arrow that leads to it
 */
record Aim(Node victim, String target) {
    /**
     * Chooses a victim, and refuses what makes no sense.
     *
     * @param wanted the node that somebody asked for
     * @param possible the faults that can be done to a target
     * @throws BanyanException USAGE, when the site has not what the drill needs, or the fault cannot be done there
     */
    static Aim take(Drill drill, FaultKind kind, Optional<String> wanted, SiteState site, Function<String, List<FaultKind>> possible, RandomGenerator random) {
        List<Node> there = site.up(drill.kind()).toList();
        if (site.stage() < drill.stage()) {
            throw usage("the drill " + drill.name() + " needs stage " + drill.stage() + ", and " + site.name() + " is at stage " + site.stage() + ": banyan grow --to " + drill.stage() + " first");
        }
        if (there.size() < drill.least()) {
            throw usage("the drill " + drill.name() + " needs " + drill.least() + " nodes of kind " + drill.kind() + ", so that another can do the work, and " + site.name() + " has " + there.size());
        }
        List<Node> chosen = wanted.map(id -> there.stream().filter(node -> node.id().equals(id)).toList()).orElse(there);
        if (chosen.isEmpty()) {
            throw usage("--target " + wanted.orElse("") + " is none of " + there.stream().map(Node::id).collect(Collectors.joining(", ")));
        }
        List<Aim> aims = chosen.stream().flatMap(node -> targets(node, kind, site).filter(target -> possible.apply(target).contains(kind)).map(target -> new Aim(node, target))).toList();
        if (aims.isEmpty()) {
            throw usage(impossible(drill, kind, chosen, site, possible));
        }
        return aims.get(random.nextInt(aims.size()));
    }

    private static Stream<String> targets(Node node, FaultKind kind, SiteState site) {
        return kind.onArrow() ? site.arrows().stream().filter(arrow -> arrow.to().equals(node.id())).map(arrow -> arrow.from() + ">" + arrow.to()) : Stream.of(node.id());
    }

    private static String impossible(Drill drill, FaultKind kind, List<Node> nodes, SiteState site, Function<String, List<FaultKind>> possible) {
        TreeSet<FaultKind> can = drill.faults().stream().filter(other -> nodes.stream().flatMap(node -> targets(node, other, site)).anyMatch(target -> possible.apply(target).contains(other)))
                .collect(Collectors.toCollection(TreeSet::new));
        String others = can.isEmpty() ? "nothing else can be done there either; Banyan breaks only what it runs itself" : "possible there: " + can.stream().map(FaultKind::word).collect(Collectors.joining(", "));
        return "--fault " + kind.word() + " cannot be done to " + nodes.stream().map(Node::id).collect(Collectors.joining(" or ")) + "; " + others;
    }

    private static BanyanException usage(String sentence) {
        return new BanyanException(ErrorCode.USAGE, sentence);
    }
}
