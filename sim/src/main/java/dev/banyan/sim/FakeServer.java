package dev.banyan.sim;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * One connection of a server that answers as a seed says. It reads a request as a strict server would, and reports a body that is not the
 * client's.
 */
final class FakeServer extends ChannelInboundHandlerAdapter {
    /** Draws what happens to a request. */
    interface Fate {
        Trouble draw();
    }

    private final Witness witness;
    private final RandomGenerator random;
    private final Fate fate;
    private final StringBuilder received = new StringBuilder();
    private Channel channel;
    private boolean busy;

    FakeServer(Witness witness, RandomGenerator random, Fate fate) {
        this.witness = witness;
        this.random = random;
        this.fate = fate;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = ctx.channel();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        received.append(bytes.toString(StandardCharsets.ISO_8859_1));
        bytes.release();
        read();
    }

    private void read() {
        int end = received.indexOf("\r\n\r\n");
        if (busy || end < 0) {
            return;
        }
        String head = received.substring(0, end + 4);
        if (head.startsWith("GET /health ")) {
            received.setLength(0);
            say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            channel.close();
            return;
        }
        busy = true;
        received.delete(0, end + 4);
        Question question = Question.of(head);
        witness.seen(question.id(), question.idempotent());
        Trouble trouble = fate.draw();
        if (trouble == Trouble.EARLY || trouble == Trouble.CLOSE || trouble == Trouble.HANG) {
            answer(question, trouble);
        } else {
            awaitBody(question, trouble);
        }
    }

    private void awaitBody(Question question, Trouble trouble) {
        int length = question.bodyIn(received);
        if (length < 0) {
            channel.eventLoop().schedule(() -> retry(question, trouble), 1, TimeUnit.MILLISECONDS);
            return;
        }
        question.check(received.substring(0, length), witness);
        received.delete(0, length);
        answer(question, trouble);
    }

    private void retry(Question question, Trouble trouble) {
        if (channel.isActive()) {
            awaitBody(question, trouble);
        }
    }

    private void answer(Question question, Trouble trouble) {
        int length = random.nextInt(4) == 0 ? random.nextInt(100_000) : random.nextInt(400);
        String status = trouble == Trouble.ERROR ? "500 Broken" : "200 OK";
        boolean close = trouble == Trouble.EARLY || random.nextInt(16) == 0;
        // Whatever follows a body without an end of its own is part of it, so chatter needs one with an end.
        String whole = whole(question, status, length, close, close && trouble != Trouble.CHATTER && random.nextBoolean());
        switch (trouble) {
            case NONE, ERROR, EARLY -> finish(whole, close);
            case SLOW -> drip(whole, close);
            case HANG -> { }
            case CLOSE -> channel.close();
            case HALF_HEAD -> finish(whole.substring(0, 1 + random.nextInt(whole.indexOf("\r\n\r\n"))), true);
            case HALF_BODY -> finish(whole.substring(0, whole.indexOf("\r\n\r\n") + 4 + (int) ((whole.length() - whole.indexOf("\r\n\r\n") - 4) * random.nextDouble())), true);
            case CLOSE_AFTER -> finish(whole, true);
            case CHATTER -> finish(whole + "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nforeign", false);
            case GARBAGE -> finish("\u0000\u0001 no HTTP at all\r\n\r\n", true);
            case INTERIM -> {
                say("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
                channel.eventLoop().schedule(() -> finish(whole, close), random.nextInt(20), TimeUnit.MILLISECONDS);
            }
        }
    }

    private String whole(Question question, String status, int length, boolean close, boolean untilClose) {
        String head = "HTTP/1.1 " + status + "\r\nX-Id: " + question.id() + "\r\n" + (close ? "Connection: close\r\n" : "");
        String body = question.method().equals("HEAD") ? "" : Content.answer(question.id(), length);
        if (untilClose) {
            return head + "\r\n" + body;
        }
        return switch (random.nextInt(3)) {
            case 0 -> head + "Transfer-Encoding: chunked\r\n\r\n" + (question.method().equals("HEAD") ? "" : chunked(body));
            default -> head + "Content-Length: " + length + "\r\n\r\n" + body;
        };
    }

    private String chunked(String body) {
        StringBuilder chunks = new StringBuilder();
        for (int at = 0; at < body.length(); ) {
            int length = Math.min(body.length() - at, 1 + random.nextInt(5_000));
            chunks.append(Integer.toHexString(length)).append("\r\n").append(body, at, at + length).append("\r\n");
            at += length;
        }
        return chunks + "0\r\n\r\n";
    }

    private void finish(String text, boolean close) {
        var written = say(text);
        if (close) {
            written.addListener(ChannelFutureListener.CLOSE);
        } else {
            next();
        }
    }

    /** Sends in pieces, cut anywhere. */
    private void drip(String rest, boolean close) {
        if (!channel.isActive()) {
            return;
        }
        int length = Math.min(rest.length(), 1 + random.nextInt(Math.max(1, rest.length() / 2)));
        if (length == rest.length()) {
            finish(rest, close);
            return;
        }
        say(rest.substring(0, length));
        channel.eventLoop().schedule(() -> drip(rest.substring(length), close), random.nextInt(40), TimeUnit.MILLISECONDS);
    }

    private io.netty.channel.ChannelFuture say(String text) {
        return channel.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    private void next() {
        busy = false;
        read();
    }
}
