package dev.banyan.cli;

import dev.banyan.console.RequestExplanation;
import dev.banyan.console.RequestExplanation.Step;
import dev.banyan.console.RequestQuestion;
import dev.banyan.http.DoorExplanation;
import dev.banyan.http.EdgeExplanation;
import dev.banyan.http.FrontDoor;
import dev.banyan.http.Inquiry;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Callers;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Gateway;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Which way a request would go through the running site, in words: the edge, the shield, the gateway, the service and its server. Nothing is sent. Safe for any
 * thread.
 *
 * @param addresses where users come in, as URLs; the first one's host is meant by a path alone
 * @param rules of the site's gateway, as it has them now
 */
record RequestWay(SiteEdges edges, FrontDoor door, Supplier<List<String>> addresses, Supplier<Gateway> rules) {

    /** @throws dev.banyan.topology.BanyanException USAGE when no client could send such a request */
    RequestExplanation explain(RequestQuestion asked) {
        List<FieldLine> fields = asked.headers().stream().map(RequestWay::field).toList();
        Inquiry inquiry = Inquiry.of(asked.method(), asked.url(), fields, asked.from(), authority(), secrets());
        List<Step> steps = new ArrayList<>();
        boolean reached = throughEdges(inquiry, steps);
        if (reached) {
            Inquiry there = inquiry;
            for (RunningEdge edge : way(inquiry)) {
                there = there.behind(edge.door());
            }
            DoorExplanation said = door.explain(there);
            steps.add(RequestWords.gateway(said));
            RequestWords.service(said).ifPresent(steps::add);
        }
        return new RequestExplanation(inquiry.toString(), inquiry.from(), steps);
    }

    /** Whether the front door gets something of it. */
    private boolean throughEdges(Inquiry inquiry, List<Step> steps) {
        Inquiry there = inquiry;
        for (RunningEdge edge : way(inquiry)) {
            Optional<EdgeExplanation> said = edge.door().explainCache(there);
            said.ifPresent(cache -> steps.add(RequestWords.edge(cache)));
            if (said.isPresent() && !said.get().goesOn()) {
                return false;
            }
            there = there.behind(edge.door());
        }
        return true;
    }

    /** The edges that it comes by, the nearest first. */
    private List<RunningEdge> way(Inquiry inquiry) {
        List<RunningEdge> way = new ArrayList<>(edges.nearest(inquiry.from()).stream().toList());
        if (!way.isEmpty()) {
            edges.shieldInUse().ifPresent(way::add);
        }
        return way;
    }

    private static FieldLine field(String line) {
        int colon = line.indexOf(':');
        try {
            return new FieldLine(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        } catch (IllegalArgumentException e) {
            throw new BanyanException(ErrorCode.USAGE, e.getMessage() + "; write a header as 'Accept-Encoding: br'", e);
        }
    }

    private String authority() {
        return addresses.get().getFirst().replaceFirst("^https?://", "").replaceFirst("/.*", "");
    }

    /** What the site calls the places where callers show their keys. */
    private Set<String> secrets() {
        Set<String> names = new HashSet<>();
        Optional<Callers> callers = rules.get().callers();
        callers.flatMap(Callers::keys).ifPresent(keys -> {
            names.add(keys.header().toLowerCase(Locale.ROOT));
            keys.query().ifPresent(query -> names.add(query.toLowerCase(Locale.ROOT)));
        });
        callers.flatMap(Callers::tokens).flatMap(Callers.Tokens::cookie).ifPresent(cookie -> names.add(cookie.toLowerCase(Locale.ROOT)));
        return names;
    }
}
