package dev.banyan.http;

import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** A client of {@link EdgeChaosTest} that speaks HTTP/2: several streams at once, some taken back, some given room only later. One thread's. */
final class ChaosStreams {
    private final SplittableRandom random;
    private final FrameClient client;
    private final Map<Integer, Answer> open = new HashMap<>();

    private static final class Answer {
        final ChaosAsk ask;
        final ByteArrayOutputStream body = new ByteArrayOutputStream();
        final Map<String, String> fields = new HashMap<>();
        int status;
        /** Bytes whose room the client has not given back. */
        int kept;
        long patience;

        Answer(ChaosAsk ask, long patience) {
            this.ask = ask;
            this.patience = patience;
        }

        void check(boolean whole) {
            if (status > 0) {
                ask.check(status, fields, body.toByteArray(), whole);
            }
        }
    }

    private ChaosStreams(FrameClient client, SplittableRandom random) {
        this.client = client;
        this.random = random;
    }

    /** One connection's life; how many answers came whole. */
    static int run(Socket socket, SplittableRandom random, Supplier<ChaosAsk> next) throws Exception {
        try (FrameClient client = new FrameClient(socket)) {
            return new ChaosStreams(client, random).run(next);
        }
    }

    private int run(Supplier<ChaosAsk> next) throws Exception {
        int whole = 0;
        int id = 1;
        for (int n = 1 + random.nextInt(8); n > 0; n--) {
            ChaosAsk ask = next.get();
            client.headers(id, true, FrameClient.head(ask.method(), ask.path(), ask.lowered()));
            open.put(id, new Answer(ask, random.nextInt(4) == 0 ? random.nextInt(200_000) : Long.MAX_VALUE));
            id += 2;
        }
        client.flush();
        boolean leaves = random.nextInt(6) == 0;
        while (!open.isEmpty()) {
            FrameClient.Frame frame = client.read();
            if (frame.type() == -1 || frame.type() == FrameClient.GOAWAY) {
                open.values().forEach(answer -> answer.check(false));
                return whole;
            }
            whole += seen(frame);
            if (leaves && random.nextInt(20) == 0) {
                return whole;
            }
        }
        return whole;
    }

    private int seen(FrameClient.Frame frame) throws Exception {
        Answer answer = open.get(frame.id());
        if (frame.type() == FrameClient.DATA && frame.payload().length > 0) {
            client.window(0, frame.payload().length);
        }
        if (answer == null) {
            return 0;
        }
        switch (frame.type()) {
            case FrameClient.HEADERS -> headers(answer, frame);
            case FrameClient.DATA -> data(answer, frame);
            case FrameClient.RST_STREAM -> {
                answer.check(false);
                open.remove(frame.id());
            }
            default -> { }
        }
        if (frame.endStream() && open.remove(frame.id()) != null) {
            answer.check(true);
            return 1;
        }
        return 0;
    }

    private static void headers(Answer answer, FrameClient.Frame frame) {
        int status = Integer.parseInt(frame.headers().status().toString());
        if (status >= 200) {
            answer.status = status;
            frame.headers().forEach(field -> answer.fields.put(field.getKey().toString(), field.getValue().toString()));
        }
    }

    private void data(Answer answer, FrameClient.Frame frame) throws Exception {
        answer.body.writeBytes(frame.payload());
        answer.kept += frame.payload().length;
        answer.patience -= frame.payload().length;
        if (answer.patience < 0 && !frame.endStream()) {
            answer.check(false);
            open.remove(frame.id());
            client.reset(frame.id());
        } else if (answer.kept > 0 && (answer.kept > 30_000 || random.nextInt(3) == 0)) {
            client.window(frame.id(), answer.kept);
            answer.kept = 0;
        }
    }
}
