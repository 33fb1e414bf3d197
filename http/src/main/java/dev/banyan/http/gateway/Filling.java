package dev.banyan.http.gateway;

import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.topology.PathPattern;
import dev.banyan.topology.Template;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A template, ready to be filled in for each request. Immutable. */
final class Filling {
    private final List<Piece> pieces;

    /** @param path the route's, whose segments' names may stand in the template */
    Filling(Template template, PathPattern path) {
        pieces = template.parts().stream().map(part -> switch (part) {
            case Template.Literal(String text) -> literal(text);
            case Template.Place(String name) -> place(name, path);
        }).toList();
    }

    private static Piece literal(String text) {
        byte[] bytes = HeadBuffer.ascii(text);
        return new Piece(true, (_, out) -> out.put(bytes));
    }

    private static Piece place(String name, PathPattern path) {
        return new Piece(false, switch (name) {
            case "client" -> Facts::client;
            case "host" -> Facts::host;
            case "scheme" -> Facts::scheme;
            case "path" -> Facts::path;
            case "query" -> Facts::query;
            case "request-id" -> Facts::requestId;
            case "identity" -> Facts::identity;
            case "rest" -> {
                int depth = path.segments().size();
                yield (facts, out) -> facts.rest(depth, out);
            }
            default -> {
                int segment = path.segments().indexOf("{" + name + "}");
                if (segment < 0) {
                    throw new IllegalArgumentException("nothing is called {" + name + "} in " + path + "; the site file's reader has checked it");
                }
                yield (facts, out) -> facts.segment(segment, out);
            }
        });
    }

    void write(Facts facts, HeadBuffer out) {
        for (Piece piece : pieces) {
            piece.how().write(facts, out);
        }
    }

    /** The text for a request, a byte a character. */
    String text(Facts facts) {
        HeadBuffer out = new HeadBuffer();
        write(facts, out);
        return new String(out.bytes(), 0, out.length(), StandardCharsets.ISO_8859_1);
    }

    /** Whether it is the same for every request. */
    boolean constant() {
        return pieces.stream().allMatch(Piece::fixed);
    }

    private record Piece(boolean fixed, How how) {}

    private interface How {
        void write(Facts facts, HeadBuffer out);
    }
}
