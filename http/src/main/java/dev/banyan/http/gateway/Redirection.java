package dev.banyan.http.gateway;

import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.topology.PathPattern;
import dev.banyan.topology.Route.Redirect;
import dev.banyan.topology.Template;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Sends clients elsewhere. The query goes along where the template has none of its own. Immutable. */
final class Redirection {
    private static final FieldLine PLAIN_TEXT = new FieldLine("Content-Type", "text/plain; charset=utf-8");

    private final int status;
    private final Filling to;
    private final Filling query;

    Redirection(Redirect redirect, PathPattern path) {
        status = redirect.status();
        to = new Filling(redirect.to(), path);
        query = redirect.to().text().contains("?") || redirect.to().places().contains("query") ? null : new Filling(new Template("?{query}"), path);
    }

    /** @param hasQuery whether the request has one */
    LocalAnswer answer(Facts facts, boolean hasQuery) {
        String location = to.text(facts) + (query != null && hasQuery ? query.text(facts) : "");
        return new LocalAnswer(status, "sent on", List.of(new FieldLine("Location", location), PLAIN_TEXT), ("go to " + location + "\n").getBytes(StandardCharsets.ISO_8859_1));
    }
}
