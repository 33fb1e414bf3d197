package dev.banyan.http.gateway;

import dev.banyan.http.wire.Grammar;
import dev.banyan.topology.PathPattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A place in the tree of routes' paths: which routes' paths lead here, and what may follow. Immutable.
 *
 * @param literals what follows, by the segment, decoded
 * @param any what follows a segment that stands for any; null when there is none
 * @param beneath routes that take this path and all beneath it, as indices in file order
 * @param here routes that take this path only, likewise
 */
record PathNode(ByteMap<PathNode> literals, PathNode any, int[] beneath, int[] here) {
    /** Puts a tree together. */
    static final class Builder {
        private final boolean ignoreCase;
        private final Map<String, Builder> literals = new HashMap<>();
        private Builder any;
        private final List<Integer> beneath = new ArrayList<>();
        private final List<Integer> here = new ArrayList<>();

        Builder(boolean ignoreCase) {
            this.ignoreCase = ignoreCase;
        }

        /** Adds a route; each next one has a greater index. */
        void add(PathPattern path, boolean exact, int route) {
            Builder at = this;
            for (String segment : path.segments()) {
                at = at.next(segment);
            }
            (exact ? at.here : at.beneath).add(route);
        }

        private Builder next(String segment) {
            if (PathPattern.named(segment).isEmpty()) {
                return literals.computeIfAbsent(decoded(segment), _ -> new Builder(ignoreCase));
            }
            if (any == null) {
                any = new Builder(ignoreCase);
            }
            return any;
        }

        /** A byte a character, in one case where that means nothing. */
        private String decoded(String segment) {
            byte[] bytes = Percent.path(segment);
            for (int i = 0; ignoreCase && i < bytes.length; i++) {
                bytes[i] = Grammar.lower(bytes[i]);
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }

        PathNode build() {
            Map<String, PathNode> built = new HashMap<>();
            literals.forEach((segment, builder) -> built.put(segment, builder.build()));
            return new PathNode(ByteMap.of(built, ignoreCase), any == null ? null : any.build(), array(beneath), array(here));
        }

        private static int[] array(List<Integer> routes) {
            return routes.stream().mapToInt(Integer::intValue).toArray();
        }
    }
}
