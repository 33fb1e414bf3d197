package dev.banyan.console;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.util.Map;

/** The admin API's part on edges. */
final class EdgeCalls {
    private final Edges edges;

    EdgeCalls(Edges edges) {
        this.edges = edges;
    }

    Answer purge(Call call) {
        return Answer.json(200, edges.purge(Purge.of(call.body())));
    }

    Answer join(Call call) {
        return Answer.json(200, edges.join(call.body()));
    }

    Answer poll(String name, Call call) {
        try {
            return Answer.json(200, edges.poll(name, call.body()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BanyanException(ErrorCode.SITE_IS_DOWN, "the site is stopping");
        }
    }

    Answer leave(String name) {
        edges.leave(name);
        return Answer.json(200, Map.of("left", name));
    }
}
