package dev.banyan.resp;

import dev.banyan.resp.wire.Reply;
import dev.banyan.topology.HostPort;
import java.util.List;
import java.util.Optional;

/**
 * What a Sentinel says of a primary.
 *
 * @param address from SENTINEL GET-MASTER-ADDR-BY-NAME
 * @param epoch of the configuration that made it the primary, from SENTINEL MASTER: of two claims that with the higher one is the newer
 */
record SentinelClaim(HostPort address, long epoch) {
    /**
     * @param address the answer to SENTINEL GET-MASTER-ADDR-BY-NAME: host and port, or null when it knows no such name
     * @param primary the answer to SENTINEL MASTER: fields and their values
     */
    static Optional<SentinelClaim> of(Reply address, Reply primary) {
        if (!(address instanceof Reply.Array(List<Reply> parts)) || parts.size() != 2) {
            return Optional.empty();
        }
        String host = text(parts.get(0));
        String port = text(parts.get(1));
        if (host.isBlank() || host.length() > 253 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535 || port.matches("0+")) {
            return Optional.empty();
        }
        return Optional.of(new SentinelClaim(new HostPort(host, Integer.parseInt(port)), epoch(primary)));
    }

    private static long epoch(Reply primary) {
        List<Reply> fields = switch (primary) {
            case Reply.Pairs(List<Reply> items) -> items;
            case Reply.Array(List<Reply> items) -> items;
            default -> List.of();
        };
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            if (text(fields.get(i)).equals("config-epoch") && text(fields.get(i + 1)).matches("[0-9]{1,18}")) {
                return Long.parseLong(text(fields.get(i + 1)));
            }
        }
        return 0;
    }

    /** Whether a {@code +switch-master} message ({@code NAME OLD-HOST OLD-PORT NEW-HOST NEW-PORT}) is of that name. */
    static boolean switches(List<Reply> push, String name) {
        return push.size() == 3 && text(push.get(0)).equals("message") && text(push.get(1)).equals("+switch-master") && text(push.get(2)).startsWith(name + " ");
    }

    static String text(Reply reply) {
        return reply instanceof Reply.Bulk bulk ? bulk.text() : "";
    }
}
