package dev.banyan.http.gateway;

import dev.banyan.http.wire.HeadVerdict;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.net.Loops;
import dev.banyan.topology.Topology;
import dev.banyan.topology.file.SiteFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Gateways from what a site file says of them, and requests from their text. */
final class Gateways {
    static final byte[] REQUEST_ID = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private Gateways() {}

    /** @param yaml what stands beneath {@code gateway:}, not indented */
    static RouteTable table(String yaml) {
        return table(yaml, Checks.NONE);
    }

    static RouteTable table(String yaml, Checks checks) {
        return RouteTable.of(site(yaml).gateway(), Path.of("."), checks);
    }

    /** A site with the services {@code blue} and {@code green}. */
    static Topology site(String yaml) {
        String text = """
                site: test
                application: { command: ./serve }
                services:
                  blue: { command: ./serve }
                  green: { command: ./serve }
                gateway:
                """ + yaml.indent(2);
        return SiteFile.read(text, _ -> Optional.empty()).orThrow("site.yaml");
    }

    /** A head of those lines, the request line first. */
    static RequestHead head(String... lines) {
        byte[] bytes = (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        RequestHead head = new RequestHead();
        HeadVerdict verdict = head.read(bytes, 0, bytes.length, 100);
        if (verdict != HeadVerdict.WHOLE) {
            throw new IllegalArgumentException(verdict + ": " + Arrays.toString(lines));
        }
        return head;
    }

    static RequestHead get(String path) {
        return head("GET " + path + " HTTP/1.1", "Host: example.com");
    }

    static Call call(RequestHead head) {
        Call call = new Call();
        call.begin(head, "203.0.113.7", true);
        return call;
    }

    /** What became of a request. */
    record Went(LocalAnswer answer, Passage passage, Call call) {
        /** {@code blue /path}, or the answer's status. */
        String where() {
            if (answer != null) {
                return answer.status() + location();
            }
            RequestHead head = call.head();
            String target = passage.rewritten()
                    ? new String(passage.target().bytes(), 0, passage.target().length(), StandardCharsets.ISO_8859_1)
                    : new String(head.bytes(), head.pathStart(), head.targetEnd() - head.pathStart(), StandardCharsets.ISO_8859_1);
            return passage.service() + " " + target;
        }

        private String location() {
            return answer.fields().stream().filter(field -> field.name().equals("Location")).map(field -> " " + field.value()).findFirst().orElse("");
        }

        /** The fields that are put into the answer, {@code Name: value}. */
        List<String> inAnswer() {
            return call.response().added().stream().map(field -> field.name() + ": " + field.value()).toList();
        }

        List<String> inRequest() {
            return call.request().added().stream().map(field -> field.name() + ": " + field.value()).toList();
        }
    }

    static Went pass(RouteTable table, RequestHead head) {
        Call call = call(head);
        Passage passage = new Passage(Loops.random(1));
        return new Went(passage.pass(table, call, REQUEST_ID, 0), passage, call);
    }

    static String where(RouteTable table, String path) {
        return pass(table, get(path)).where();
    }
}
