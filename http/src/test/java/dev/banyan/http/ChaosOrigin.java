package dev.banyan.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of {@link ChaosPage}s that is at times slow, at times broken, and never twice the same. Each answer has a serial number. */
final class ChaosOrigin implements Origin.Script {
    private final long seed;
    private final AtomicInteger serials = new AtomicInteger();
    private final Map<String, AtomicInteger> versions = new ConcurrentHashMap<>();

    ChaosOrigin(long seed) {
        this.seed = seed;
    }

    /** The last answer's number: what is asked for from now on has a higher one. */
    int serial() {
        return serials.get();
    }

    @Override
    public void serve(Origin.Request request, OutputStream out) throws IOException {
        SplittableRandom random = new SplittableRandom(seed * 7919 + serials.get() * 31L + request.head().hashCode());
        Http2Test.discardBody(request);
        String path = request.line().split(" ")[1];
        boolean head = request.line().startsWith("HEAD ");
        int mood = random.nextInt(100);
        if (mood < 25) {
            Site.pass(Duration.ofMillis(random.nextInt(25)));
        }
        if (mood == 99) {
            request.body().read(); // never answers: the edge gives up
            return;
        }
        if (mood > 95) {
            request.reset();
            return;
        }
        if (mood > 90) {
            Origin.write(out, "HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n");
        }
        String variant = ChaosPage.varies(path) ? request.header("X-Kind") : "";
        AtomicInteger current = versions.computeIfAbsent(path + " " + variant, _ -> new AtomicInteger());
        if (random.nextInt(4) == 0) {
            current.incrementAndGet();
        }
        answer(request, new ChaosPage(path, variant, current.get()), head, random, out);
    }

    private void answer(Origin.Request request, ChaosPage page, boolean head, SplittableRandom random, OutputStream out) throws IOException {
        StringBuilder fields = new StringBuilder("X-Serial: " + serials.incrementAndGet() + "\r\nX-Page: " + page.path() + "\r\nX-Variant: " + page.variant() + "\r\nX-Version: " + page.version()
                + "\r\nX-Whom: " + request.header("X-Me") + "\r\nCache-Control: " + page.control() + "\r\nETag: " + page.etag() + "\r\n");
        if (ChaosPage.varies(page.path())) {
            fields.append("Vary: X-Kind\r\n");
        }
        if (random.nextInt(10) == 0) {
            fields.append("Set-Cookie: me=" + request.header("X-Me") + "\r\n");
        }
        int luck = random.nextInt(20);
        if (luck == 0) {
            send(request, "503 Broken", fields, page.content(), head, random, out);
        } else if (request.header("If-None-Match").contains(page.etag()) && luck < 18) {
            Origin.write(out, "HTTP/1.1 304 Not Modified\r\n" + fields + "\r\n");
        } else if (!head && request.header("Range").startsWith("bytes=") && luck < 16) {
            part(request, page, fields, head, random, out);
        } else {
            send(request, luck == 1 ? "404 Not Found" : "200 OK", fields, page.content(), head, random, out);
        }
    }

    /** Mostly as RFC 9110 has it; some servers do not look at If-Range. */
    private void part(Origin.Request request, ChaosPage page, StringBuilder fields, boolean head, SplittableRandom random, OutputStream out) throws IOException {
        String condition = request.header("If-Range");
        boolean holds = condition.isEmpty() || condition.equals(page.etag()) || random.nextInt(6) == 0;
        String[] ends = request.header("Range").substring(6).split("-", -1);
        if (!holds || ends.length != 2 || ends[0].isEmpty()) {
            send(request, "200 OK", fields, page.content(), head, random, out);
            return;
        }
        int from = Integer.parseInt(ends[0]);
        int length = page.length();
        int end = ends[1].isEmpty() ? length : Math.min(length, Integer.parseInt(ends[1]) + 1);
        if (from >= end) {
            Origin.write(out, "HTTP/1.1 416 Range\r\n" + fields + "Content-Range: bytes */" + length + "\r\nContent-Length: 0\r\n\r\n");
            return;
        }
        fields.append("Content-Range: bytes " + from + "-" + (end - 1) + "/" + length + "\r\n");
        send(request, "206 Partial Content", fields, Arrays.copyOfRange(page.content(), from, end), head, random, out);
    }

    private static void send(Origin.Request request, String status, StringBuilder fields, byte[] content, boolean head, SplittableRandom random, OutputStream out) throws IOException {
        int framing = random.nextInt(10);
        boolean chunked = framing < 3;
        boolean untilClose = framing == 3;
        String frame = chunked ? "Transfer-Encoding: chunked\r\n" : untilClose ? "Connection: close\r\n" : "Content-Length: " + content.length + "\r\n";
        byte[] first = ("HTTP/1.1 " + status + "\r\n" + fields + frame + "\r\n").getBytes(StandardCharsets.US_ASCII);
        out.write(first);
        if (head) {
            out.flush();
        } else {
            body(request, content, chunked, random.nextInt(12) == 0 ? random.nextInt(content.length + 1) : -1, untilClose, random, out);
        }
        if (untilClose) {
            out.flush();
            request.socket().close();
        }
    }

    private static void body(Origin.Request request, byte[] content, boolean chunked, int cutAt, boolean untilClose, SplittableRandom random, OutputStream out) throws IOException {
        for (int at = 0; at < content.length; ) {
            if (cutAt >= 0 && at >= cutAt) {
                if (untilClose || random.nextBoolean()) {
                    request.reset(); // else nobody could tell that it is cut
                } else {
                    out.flush();
                    request.socket().close();
                }
                return;
            }
            int size = Math.min(content.length - at, 1 + random.nextInt(random.nextInt(3) == 0 ? 1_000 : 200_000));
            if (chunked) {
                out.write((Integer.toHexString(size) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            }
            out.write(content, at, size);
            if (chunked) {
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            out.flush();
            at += size;
            if (random.nextInt(6) == 0) {
                Site.pass(Duration.ofMillis(random.nextInt(4)));
            }
        }
        if (chunked) {
            Origin.write(out, "0\r\n\r\n");
        }
        out.flush();
    }
}
