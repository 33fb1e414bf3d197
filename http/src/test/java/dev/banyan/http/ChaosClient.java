package dev.banyan.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** A client of {@link EdgeChaosTest} that speaks HTTP/1, pipelines, and may read slowly or leave at any moment. One thread's. */
final class ChaosClient {
    private static final int MOST = 64 * 1024;

    private final SplittableRandom random;
    private final Supplier<ChaosAsk> next;
    private final Socket socket;
    private final InputStream in;
    /** What ends an answer whose end is the connection's: a reset is an IOException instead. */
    private boolean ended;
    /** How many bytes it still reads before it leaves; mostly all. */
    private long patience;
    private boolean slow;

    /** The client has left by its own choice. */
    private static final class Left extends IOException {
        private static final long serialVersionUID = 1;
    }

    private ChaosClient(Socket socket, SplittableRandom random, Supplier<ChaosAsk> next) throws IOException {
        this.socket = socket;
        this.random = random;
        this.next = next;
        this.in = new BufferedInputStream(socket.getInputStream(), 4096);
        this.patience = random.nextInt(4) == 0 ? random.nextInt(400_000) : Long.MAX_VALUE;
        this.slow = random.nextInt(4) == 0;
    }

    /** One connection's life; how many answers came whole. */
    static int run(Socket socket, SplittableRandom random, Supplier<ChaosAsk> next) throws IOException {
        try (socket) {
            return new ChaosClient(socket, random, next).run();
        }
    }

    private int run() throws IOException {
        int whole = 0;
        int minor = random.nextInt(6) == 0 ? 0 : 1;
        List<ChaosAsk> asks = new ArrayList<>();
        for (int n = minor == 0 ? 1 : 1 + random.nextInt(5); n > 0; n--) {
            asks.add(next.get());
        }
        OutputStream out = socket.getOutputStream();
        boolean pipelined = random.nextBoolean();
        try {
            if (pipelined) {
                StringBuilder all = new StringBuilder();
                asks.forEach(ask -> all.append(ask.head(minor, false)));
                Origin.write(out, all.toString());
            }
            for (ChaosAsk ask : asks) {
                if (!pipelined) {
                    Origin.write(out, ask.head(minor, false));
                }
                if (!readAnswer(ask)) {
                    return whole;
                }
                whole++;
            }
        } catch (Left left) {
            if (random.nextBoolean()) {
                socket.setSoLinger(true, 0);
            }
        }
        return whole;
    }

    /** Whether the answer came whole and another may follow. */
    private boolean readAnswer(ChaosAsk ask) throws IOException {
        while (true) {
            String head;
            try {
                head = head();
            } catch (java.net.SocketTimeoutException e) {
                throw e;
            } catch (Left left) {
                throw left;
            } catch (IOException reset) {
                return false;
            }
            if (head.isEmpty()) {
                return false;
            }
            int status = Integer.parseInt(head.substring(9, 12));
            if (status >= 200) {
                return readBody(ask, status, fields(head));
            }
        }
    }

    private boolean readBody(ChaosAsk ask, int status, Map<String, String> fields) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean bodiless = ask.isHead() || status == 304 || status == 204;
        boolean chunked = "chunked".equals(fields.get("transfer-encoding"));
        boolean whole;
        try {
            if (bodiless) {
                whole = true;
            } else if (chunked) {
                whole = chunks(body);
            } else if (fields.containsKey("content-length")) {
                whole = take(Integer.parseInt(fields.get("content-length")), body);
            } else {
                take(Integer.MAX_VALUE, body);
                whole = ended;
            }
        } catch (java.net.SocketTimeoutException | Left e) {
            ask.check(status, fields, body.toByteArray(), false);
            throw e;
        } catch (IOException reset) {
            ask.check(status, fields, body.toByteArray(), false);
            return false;
        }
        ask.check(status, fields, body.toByteArray(), whole);
        return whole && !ended;
    }

    private boolean chunks(ByteArrayOutputStream body) throws IOException {
        while (true) {
            String size = line();
            if (size.isEmpty()) {
                return false;
            }
            int length = Integer.parseInt(size, 16);
            if (!take(length, body)) {
                return false;
            }
            if (!line().isEmpty() || ended) {
                return false;
            }
            if (length == 0) {
                return true;
            }
        }
    }

    private boolean take(int length, ByteArrayOutputStream into) throws IOException {
        byte[] buffer = new byte[MOST];
        int left = length;
        while (left > 0) {
            int n = in.read(buffer, 0, Math.min(left, slow ? 16_000 : MOST));
            if (n < 0) {
                ended = true;
                return false;
            }
            into.write(buffer, 0, n);
            left -= n;
            spend(n);
        }
        return true;
    }

    private void spend(int bytes) throws IOException {
        patience -= bytes;
        if (patience < 0) {
            throw new Left();
        }
        if (slow && random.nextInt(8) == 0) {
            Site.pass(Duration.ofMillis(random.nextInt(6)));
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                ended = true;
                return "";
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    private String head() throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = line(); !line.isEmpty(); line = line()) {
            head.append(line).append('\n');
        }
        spend(head.length());
        return ended ? "" : head.toString();
    }

    static Map<String, String> fields(String head) {
        Map<String, String> fields = new HashMap<>();
        for (String line : head.split("\n")) {
            int colon = line.indexOf(": ");
            if (colon > 0) {
                fields.put(line.substring(0, colon).toLowerCase(), line.substring(colon + 2));
            }
        }
        return fields;
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
