package dev.banyan.cli;

import dev.banyan.balance.Forecast;
import dev.banyan.console.RequestExplanation.Step;
import dev.banyan.console.Site.Fact;
import dev.banyan.control.EdgeDoor;
import dev.banyan.http.DoorExplanation;
import dev.banyan.http.EdgeExplanation;
import dev.banyan.http.gateway.Explanation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes what the stations of a request's way say of it as lines for people. */
final class RequestWords {
    private RequestWords() {}

    static Step edge(EdgeExplanation said) {
        List<Fact> facts = new ArrayList<>(List.of(new Fact("key", said.key())));
        said.stored().forEach(one -> facts.add(new Fact(one.chosen() ? "stored" : "stored beside", stored(one))));
        if (said.stored().isEmpty()) {
            facts.add(new Fact("stored", said.onDisk() ? "on disk, which would be read first: what is said here is as if that did not fit" : "nothing"));
        } else if (said.onDisk()) {
            facts.add(new Fact("on disk", "more of them, read where none of these fits"));
        }
        if (said.fetching()) {
            facts.add(new Fact("under way", "a fetch of this key"));
        }
        said.sends().forEach(line -> facts.add(new Fact("asks", line)));
        return new Step(said.edge().equals(EdgeDoor.SHIELD) ? "shield" : "edge", said.edge(), said.does(), said.decision().words(), said.decision().section(), facts);
    }

    private static String stored(EdgeExplanation.Stored one) {
        List<String> words = new ArrayList<>(List.of(one.status() + ", " + one.bytes() + " bytes" + (one.part().isEmpty() ? "" : " (" + one.part() + ")"), "age " + one.age() + " s"));
        words.add(one.left() > 0 ? "fresh for " + one.left() + " s more (" + one.freshBy() + ")" : "stale for " + -one.left() + " s" + (one.invalidated() ? " (purged softly or changed)" : " (" + one.freshBy() + ")"));
        if (!one.etag().isEmpty()) {
            words.add("ETag " + one.etag());
        }
        if (!one.vary().isEmpty()) {
            words.add("for requests with " + String.join(" and ", one.vary()));
        }
        if (!one.tags().isEmpty()) {
            words.add("tagged " + String.join(" ", one.tags()));
        }
        return String.join(", ", words);
    }

    static Step gateway(DoorExplanation said) {
        if (said.gateway().isEmpty()) {
            return new Step("gateway", "", "lets it on to the application", "no routes are set", "", client(said));
        }
        Explanation gateway = said.gateway().get();
        List<Fact> facts = new ArrayList<>(client(said));
        gateway.considered().stream().filter(one -> !one.taken()).forEach(one -> facts.add(new Fact("not " + one.route(), one.why())));
        gateway.checks().forEach(check -> facts.add(new Fact("check", check)));
        if (!gateway.mirror().isEmpty()) {
            facts.add(new Fact("copy", gateway.mirror() + " gets one; what it answers goes nowhere"));
        }
        gateway.request().forEach(change -> facts.add(new Fact("request header", change)));
        gateway.response().forEach(change -> facts.add(new Fact("answer header", change)));
        String why = gateway.considered().stream().filter(Explanation.Considered::taken).map(one -> "route " + one.route() + ": " + one.why()).findFirst()
                .orElse(gateway.considered().isEmpty() && !gateway.answer().isEmpty() ? "before any route is looked for" : "no route takes it");
        return new Step("gateway", gateway.route(), does(gateway), why, "", facts);
    }

    private static List<Fact> client(DoorExplanation said) {
        return List.of(new Fact("client", said.client()));
    }

    private static String does(Explanation gateway) {
        if (!gateway.answer().isEmpty()) {
            return "answers " + gateway.answer();
        }
        return gateway.service().isEmpty() ? "answers with a file" : "sends " + gateway.target() + " to " + gateway.service();
    }

    /** Empty when no service is asked. */
    static Optional<Step> service(DoorExplanation said) {
        return said.forecast().map(forecast -> {
            List<Fact> facts = new ArrayList<>();
            if (said.waiting() > 0) {
                facts.add(new Fact("waiting", said.waiting() + " before it for a place at a server"));
            }
            forecast.servers().forEach(server -> facts.add(new Fact(server.name(), server(server))));
            return new Step("service", said.service(), forecast.server().map(name -> "has " + name + " answer").orElse("has no server answer"), forecast.why(), "", facts);
        });
    }

    private static String server(Forecast.Candidate server) {
        return String.format(Locale.ROOT, "%s, weight %d, %d of %d requests in flight%s: %s", server.address(), server.weight(), server.inFlight(), server.cap(),
                server.tunnels() == 0 ? "" : ", " + server.tunnels() + " tunnels", server.why());
    }
}
