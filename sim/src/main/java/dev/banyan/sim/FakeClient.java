package dev.banyan.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * One connection of a client: sends requests, sometimes several at once, sometimes in pieces, sometimes leaves in the middle; and reads the
 * answers, reporting any byte that is not its own.
 */
final class FakeClient extends ChannelInboundHandlerAdapter {
    private final Witness witness;
    private final RandomGenerator random;
    private final Runnable whenOver;
    private final ArrayDeque<Asked> open = new ArrayDeque<>();
    private final AnswerReader reader = new AnswerReader();
    private Channel channel;
    private int left;
    private boolean over;

    private record Asked(int id, String method) {}

    /** @param requests how many it sends before it closes */
    FakeClient(Witness witness, RandomGenerator random, int requests, Runnable whenOver) {
        this.witness = witness;
        this.random = random;
        this.left = requests;
        this.whenOver = whenOver;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        ask();
    }

    private void ask() {
        if (over) {
            return;
        }
        if (left == 0) {
            channel.close();
            return;
        }
        int together = Math.min(left, random.nextInt(4) == 0 ? 1 + random.nextInt(4) : 1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < together; i++) {
            left--;
            text.append(request());
        }
        send(text.toString());
        if (random.nextInt(25) == 0) {
            channel.eventLoop().schedule(() -> channel.close(), random.nextInt(300), TimeUnit.MILLISECONDS);
        }
    }

    private String request() {
        int id = witness.ask();
        String method = switch (random.nextInt(6)) {
            case 0, 1 -> "POST";
            case 2 -> "PUT";
            case 3 -> "HEAD";
            default -> "GET";
        };
        open.add(new Asked(id, method));
        String head = method + " /" + id + " HTTP/1.1\r\nHost: sim\r\n";
        if (!method.equals("POST") && !method.equals("PUT")) {
            return head + "\r\n";
        }
        String body = Content.question(id, random.nextInt(8) == 0 ? random.nextInt(200_000) : random.nextInt(300));
        if (random.nextBoolean() || body.isEmpty()) {
            return head + "Content-Length: " + body.length() + "\r\n\r\n" + body;
        }
        return head + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
    }

    private void send(String text) {
        if (over) {
            return;
        }
        boolean whole = random.nextInt(3) > 0;
        int length = whole ? text.length() : 1 + random.nextInt(text.length());
        channel.writeAndFlush(Unpooled.copiedBuffer(text.substring(0, length), StandardCharsets.ISO_8859_1));
        if (length < text.length()) {
            channel.eventLoop().schedule(() -> send(text.substring(length)), random.nextInt(30), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        reader.add(bytes.toString(StandardCharsets.ISO_8859_1));
        bytes.release();
        readAnswers();
    }

    private void readAnswers() {
        while (!open.isEmpty() && reader.readWhole(open.peek().method().equals("HEAD"))) {
            Asked asked = open.poll();
            check(asked);
            witness.ended(asked.id(), String.valueOf(reader.status()));
        }
        if (open.isEmpty()) {
            if (reader.hasMore()) {
                witness.wrong("a client got bytes that it had not asked for: " + reader);
            }
            if (!over) {
                channel.eventLoop().schedule(this::ask, random.nextInt(50), TimeUnit.MILLISECONDS);
            }
        }
    }

    private void check(Asked asked) {
        boolean own = reader.id() == asked.id() || reader.id() < 0 && reader.status() >= 400;
        if (!own) {
            witness.wrong("request " + asked.id() + " got the answer to " + reader.id());
        } else if (reader.id() >= 0 && !reader.body().equals(Content.answer(asked.id(), reader.body().length()))) {
            witness.wrong("request " + asked.id() + " got a body with foreign bytes");
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (over) {
            return;
        }
        over = true;
        reader.end();
        readAnswers();
        open.forEach(asked -> witness.ended(asked.id(), "cut"));
        open.clear();
        whenOver.run();
    }
}
