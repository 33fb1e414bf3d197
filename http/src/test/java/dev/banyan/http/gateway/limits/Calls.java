package dev.banyan.http.gateway.limits;

import dev.banyan.http.gateway.Call;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.HeadVerdict;
import dev.banyan.http.wire.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Requests for tests. */
final class Calls {
    private Calls() {}

    static Call from(String client, String... headerLines) {
        RequestHead head = new RequestHead();
        String lines = headerLines.length == 0 ? "" : String.join("\r\n", headerLines) + "\r\n";
        byte[] bytes = ("GET /api HTTP/1.1\r\nHost: example.com\r\n" + lines + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        if (head.read(bytes, 0, bytes.length, 100) != HeadVerdict.WHOLE) {
            throw new IllegalArgumentException("no request head: " + lines);
        }
        Call call = new Call();
        call.begin(head, client, false);
        return call;
    }

    static Optional<String> value(List<FieldLine> lines, String name) {
        return lines.stream().filter(line -> line.name().equalsIgnoreCase(name)).map(FieldLine::value).findFirst();
    }
}
