package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** HTTP/2 with clients that others wrote. */
class Http2Test {
    /** Sends back each body as it comes, whatever its framing. */
    static Origin echo() throws Exception {
        return new Origin((request, out) -> {
            boolean chunked = request.header("transfer-encoding").equals("chunked");
            long length = chunked ? -1 : request.header("content-length").isEmpty() ? 0 : Long.parseLong(request.header("content-length"));
            out.write(("HTTP/1.1 200 OK\r\n" + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + length) + "\r\n\r\n").getBytes());
            if (chunked) {
                copyChunks(request, out);
            } else {
                byte[] buffer = new byte[64 * 1024];
                for (long left = length; left > 0; ) {
                    int n = request.body().read(buffer, 0, (int) Math.min(buffer.length, left));
                    out.write(buffer, 0, n);
                    left -= n;
                }
            }
            out.flush();
        });
    }

    private static void copyChunks(Origin.Request request, OutputStream out) throws java.io.IOException {
        int size;
        do {
            StringBuilder line = new StringBuilder();
            for (int b = request.body().read(); b != '\n'; b = request.body().read()) {
                line.append((char) b);
            }
            size = Integer.parseInt(line.toString().strip(), 16);
            out.write((line + "\n").getBytes());
            out.write(request.body().readNBytes(size + 2));
        } while (size > 0);
    }

    @Test
    void answersCurl_withPriorKnowledge() throws Exception {
        Assumptions.assumeTrue(Tool.missing("curl").isEmpty(), "curl is not installed here");
        try (Origin origin = Origin.saying("hello"); Site site = Site.of("", origin)) {
            String text = Tool.run("curl", "-sS", "-i", "--http2-prior-knowledge", "http://127.0.0.1:" + site.port() + "/a?b=c");
            assertThat(text).startsWith("HTTP/2 200").endsWith("hello");
            assertThat(origin.heads.getFirst()).startsWith("GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:" + site.port() + "\r\n");
        }
    }
}
