package dev.banyan.http.gateway.limits;

import dev.banyan.balance.SecretHash;
import dev.banyan.http.gateway.Call;
import dev.banyan.http.gateway.Identity;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.topology.RateLimit.Key;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Finds what a limit counts a request for, as a hash that strangers cannot aim. Safe for any thread. */
final class CountedBy {
    private final Key key;
    private final byte[] fieldName;
    private final SecretHash hash;

    CountedBy(Key key, SecretHash hash) {
        this.key = key;
        this.fieldName = HeadBuffer.ascii(key.name().toLowerCase(Locale.ROOT));
        this.hash = hash;
    }

    /** The hash of the caller, header or claim, or of the client's address where the request has none. */
    long of(Call call) {
        return switch (key.source()) {
            case ALL -> 0;
            case ADDRESS -> address(call);
            case HEADER -> header(call);
            case CALLER -> call.identity().map(Identity::name).map(this::text).orElseGet(() -> address(call));
            case CLAIM -> call.identity().map(who -> who.claims().get(key.name())).map(this::text).orElseGet(() -> address(call));
        };
    }

    private long address(Call call) {
        long address = ClientAddress.of(call.client());
        return address == -1 ? text(call.client()) : hash.of(address);
    }

    private long header(Call call) {
        Fields fields = call.head().fields();
        int field = fields.find(fieldName);
        return field < 0 ? address(call) : hash.of(fields.bytes(), fields.valueStart(field), fields.valueEnd(field));
    }

    private long text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return hash.of(bytes, 0, bytes.length);
    }
}
