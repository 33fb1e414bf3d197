package dev.banyan.resp;

import dev.banyan.resp.wire.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A node's version, from its INFO: {@code redis_version}, by which Valkey too tells what it is compatible with. */
final class NodeVersion {
    private NodeVersion() {}

    static Optional<String> of(Reply info) {
        String text = switch (info) {
            case Reply.Bulk(byte[] bytes) -> new String(bytes, StandardCharsets.UTF_8);
            case Reply.Verbatim(_, byte[] bytes) -> new String(bytes, StandardCharsets.UTF_8);
            default -> "";
        };
        return text.lines().filter(line -> line.startsWith("redis_version:")).map(line -> line.substring("redis_version:".length()).strip()).findFirst();
    }
}
