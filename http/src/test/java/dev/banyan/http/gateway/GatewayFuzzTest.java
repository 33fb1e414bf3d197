package dev.banyan.http.gateway;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.HeadVerdict;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.net.Loops;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Paths and whole requests of strangers at the gateway. As part of the tests each seed of {@code src/test/resources} is replayed; with
 * {@code JAZZER_FUZZ=1} in the environment, one target a run is explored (docs/fuzzing.md).
 */
class GatewayFuzzTest {
    private static final RouteTable TABLE = Gateways.table("""
            routes:
              - { name: admin, path: /admin, headers: [{ name: X-Level, matches: "[0-9]{1,3}(a|b)*" }], respond: { status: 403 } }
              - { name: shop, hosts: ["*.example.com"], path: "/u/{user}/p", query: [{ name: q, matches: ".*x.*" }], rewrite: { path: "/v2/{user}/{rest}" } }
              - { name: sent, path: "/s/{what}", redirect: "https://{host}/{what}/{rest}" }
              - { name: canary, path: /c, canary: { service: green, cookie: { name: a, equals: b }, share: 10%, by: cookie }, response-headers: { set: { X-Path: "{path} {query} {host}" } } }
              - { name: api, path: /api, cors: { origins: ["https://*.example.com"], methods: [PUT] }, request-headers: { set: { X-From: "{path}" }, remove: [X-Gone] } }
            """);

    /** What a path is read as, written down, is read as the same again: a service that does what RFC 3986 says sees no other path than routes do. */
    @FuzzTest(maxDuration = "2m")
    void path(byte[] bytes) {
        byte[] path = visible(bytes);
        PathView view = new PathView();
        if (path.length == 0 || path[0] != '/' || !view.read(path, 0, path.length)) {
            return;
        }
        HeadBuffer out = new HeadBuffer();
        view.write(out);
        PathView again = new PathView();
        require(again.read(out.bytes(), 0, out.length()), "what was clear is written so that it is not");
        require(view.count() == again.count(), "other segments");
        for (int i = 0; i < view.count(); i++) {
            require(Arrays.equals(view.bytes(), view.start(i), view.end(i), again.bytes(), again.start(i), again.end(i)), "another segment " + i);
            require(view.end(i) > view.start(i) && !dots(view, i), "an empty segment or a dot segment");
        }
        HeadBuffer twice = new HeadBuffer();
        again.write(twice);
        require(Arrays.equals(out.bytes(), 0, out.length(), twice.bytes(), 0, twice.length()), "written anew it is not the same");
        require(!view.normal() || Arrays.equals(path, 0, path.length, out.bytes(), 0, out.length()), "what is said to be normal is not");
    }

    private static boolean dots(PathView view, int segment) {
        String text = new String(view.bytes(), view.start(segment), view.end(segment) - view.start(segment), StandardCharsets.ISO_8859_1);
        return text.equals(".") || text.equals("..") || text.contains("/") || text.contains("\\");
    }

    /** Any head goes through without an exception, and what the service gets is a target that is read as one. */
    @FuzzTest(maxDuration = "2m")
    void request(byte[] bytes) {
        RequestHead head = new RequestHead();
        if (head.read(bytes, 0, bytes.length, 100) != HeadVerdict.WHOLE) {
            return;
        }
        Call call = Gateways.call(head);
        Passage passage = new Passage(Loops.random(1));
        if (passage.pass(TABLE, call, Gateways.REQUEST_ID, 0) != null || !passage.rewritten()) {
            return;
        }
        String line = "GET " + new String(passage.target().bytes(), 0, passage.target().length(), StandardCharsets.ISO_8859_1) + " HTTP/1.1\r\nHost: a\r\n\r\n";
        byte[] again = line.getBytes(StandardCharsets.ISO_8859_1);
        require(new RequestHead().read(again, 0, again.length, 10) == HeadVerdict.WHOLE, "the target is none: " + line);
        TABLE.explain(call, Loops.random(1), 0);
    }

    private static byte[] visible(byte[] bytes) {
        byte[] visible = bytes.clone();
        for (int i = 0; i < visible.length; i++) {
            visible[i] = (byte) (visible[i] > ' ' && visible[i] < 0x7f && visible[i] != '#' && visible[i] != '?' ? visible[i] : '/');
        }
        return visible;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
