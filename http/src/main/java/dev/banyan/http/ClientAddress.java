package dev.banyan.http;

import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.HeadBuffer;
import java.nio.charset.StandardCharsets;

/** Who sent a request in the first place, past the proxies that are trusted: by which address, and whether by TLS. */
final class ClientAddress {
    private static final byte[] HTTPS = HeadBuffer.ascii("https");

    private ClientAddress() {}

    /** Whether the client's own connection is by TLS, as {@code X-Forwarded-Proto} says where the peer is trusted. */
    static boolean secure(Fields fields, Peer peer) {
        int proto = peer.secure() || !peer.trusted() ? -1 : fields.find(FieldName.X_FORWARDED_PROTO);
        return peer.secure() || proto >= 0 && fields.valueIs(proto, HTTPS);
    }

    /** The last address of {@code X-Forwarded-For} that is no trusted proxy's; the peer's own when that is not trusted. */
    static String of(Fields fields, Peer peer, DoorSettings settings) {
        if (!peer.trusted()) {
            return peer.ip();
        }
        String client = peer.ip();
        for (int i = fields.count() - 1; i >= 0; i--) {
            if (fields.name(i) != FieldName.X_FORWARDED_FOR) {
                continue;
            }
            String list = new String(fields.bytes(), fields.valueStart(i), fields.valueEnd(i) - fields.valueStart(i), StandardCharsets.ISO_8859_1);
            for (int end = list.length(); end >= 0; end = list.lastIndexOf(',', end - 1)) {
                client = list.substring(list.lastIndexOf(',', end - 1) + 1, end).strip();
                if (!settings.trustedProxies.contain(client)) {
                    return client;
                }
            }
        }
        return client;
    }
}
