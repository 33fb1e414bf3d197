package dev.banyan.http;

import dev.banyan.balance.Hash64;
import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.RequestHead;

/** What of a request a balancer goes by: the hash of its key, and the server that a cookie names. */
final class Keys {
    private Keys() {}

    /** The hash of what the site file's {@code front-door.balance.hash} names; of the client's address where the request lacks it. */
    static long hash(RequestHead head, Peer peer, DoorSettings settings) {
        var key = settings.hash.orElseThrow();
        return switch (key.source()) {
            case IP -> ofClient(head, peer, settings);
            case URI -> Hash64.of(head.bytes(), head.pathStart(), head.targetEnd() - head.pathStart());
            case HEADER -> {
                int field = head.fields().find(settings.hashName);
                yield field < 0 ? ofClient(head, peer, settings) : Hash64.of(head.bytes(), head.fields().valueStart(field), head.fields().valueEnd(field) - head.fields().valueStart(field));
            }
            case COOKIE -> {
                String value = cookie(head.fields(), settings.hashName);
                yield value.isEmpty() ? ofClient(head, peer, settings) : Hash64.of(value);
            }
        };
    }

    /** Past trusted proxies and edges, or all of their clients would share a server. */
    private static long ofClient(RequestHead head, Peer peer, DoorSettings settings) {
        return Hash64.of(ClientAddress.of(head.fields(), peer, settings));
    }

    /** A cookie's value, or "". Names are compared without regard to case, which is more than RFC 6265 asks and harms no hash. */
    static String cookie(Fields fields, byte[] name) {
        for (int i = 0; i < fields.count(); i++) {
            if (fields.name(i) == FieldName.COOKIE) {
                String value = cookie(fields.value(i), new String(name, java.nio.charset.StandardCharsets.ISO_8859_1));
                if (!value.isEmpty()) {
                    return value;
                }
            }
        }
        return "";
    }

    private static String cookie(String list, String name) {
        for (String pair : list.split(";")) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).strip().equalsIgnoreCase(name)) {
                return pair.substring(equals + 1).strip();
            }
        }
        return "";
    }
}
