package dev.banyan.http.gateway;

import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.topology.PathPattern;
import dev.banyan.topology.Route.Rewrite;

/** Which path a service gets in the place of the client's. Immutable. */
sealed interface Rewriting {
    static Rewriting of(Rewrite rewrite, PathPattern path) {
        return rewrite.path().<Rewriting>map(template -> new Whole(new Filling(template, path)))
                .orElseGet(() -> Prefix.of(rewrite.prefix().orElse("/"), path.segments().size()));
    }

    void write(Facts facts, PathView path, HeadBuffer out);

    /**
     * Another beginning in the place of the route's.
     *
     * @param prefix without a slash at its end
     */
    record Prefix(byte[] prefix, int depth) implements Rewriting {
        static Prefix of(String prefix, int depth) {
            return new Prefix(HeadBuffer.ascii(prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix), depth);
        }

        @Override
        public void write(Facts facts, PathView path, HeadBuffer out) {
            out.put(prefix);
            if (path.count() > depth || path.slashAtEnd() || prefix.length == 0) {
                out.put('/');
            }
            path.writeRest(depth, out);
        }
    }

    /** Another path. */
    record Whole(Filling template) implements Rewriting {
        @Override
        public void write(Facts facts, PathView path, HeadBuffer out) {
            template.write(facts, out);
        }
    }
}
