package dev.banyan.drill;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One client that keeps a WebSocket open: it sends a numbered message each second and expects each back, in order. Told to go away
 * (1001, 1012) it comes back at once, as the site's page does, and sends again what was not echoed. Owned by one IO loop.
 */
final class HeldSocket {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int GOING_AWAY = 1001;
    private static final int SERVICE_RESTART = 1012;
    private static final int NORMAL = 1000;
    private static final long MOVE_MILLIS = 100;
    private static final long MEND_MILLIS = 1_000;

    private final Sockets sockets;
    private final EventLoop loop;
    private final Deque<Long> unechoed = new ArrayDeque<>();
    private Channel channel;
    private Future<?> beat;
    private long number;
    private boolean everOpen;
    private boolean ending;

    HeldSocket(Sockets sockets, EventLoop loop) {
        this.sockets = sockets;
        this.loop = loop;
    }

    EventLoop loop() {
        return loop;
    }

    void open() {
        if (!ending) {
            sockets.connect(loop, new Frames()).addListener(opened -> {
                if (!opened.isSuccess()) {
                    sockets.refused(opened.cause());
                    broken();
                }
            });
        }
    }

    /** No further message; those under way may still come back. */
    void quieten() {
        ending = true;
        stopBeating();
    }

    /** Ends it; what has not come back by now is lost. */
    void end() {
        quieten();
        sockets.lost(unechoed.size());
        unechoed.clear();
        if (channel != null) {
            channel.writeAndFlush(new CloseWebSocketFrame(NORMAL, "")).addListener(sent -> channel.close());
        }
    }

    private void greeted(Channel opened) {
        if (ending) {
            opened.close();
            return;
        }
        channel = opened;
        if (!everOpen) {
            everOpen = true;
            sockets.firstOpened();
        }
        unechoed.forEach(this::write);
        beat = loop.scheduleAtFixedRate(this::send, 0, 1, TimeUnit.SECONDS);
    }

    private void send() {
        number++;
        unechoed.addLast(number);
        sockets.sent();
        write(number);
    }

    private void write(long id) {
        channel.writeAndFlush(new TextWebSocketFrame("{\"type\":\"echo\",\"id\":\"" + id + "\",\"text\":\"banyan\"}"));
    }

    private void text(String text) {
        try {
            JsonNode message = JSON.readTree(text);
            if (message.path("type").asString("").equals("echo")) {
                echo(Long.parseLong(message.path("id").asString("")));
            }
        } catch (JacksonException | NumberFormatException e) {
            sockets.outOfOrder();
        }
    }

    private void echo(long id) {
        if (!unechoed.isEmpty() && unechoed.peekFirst() == id) {
            unechoed.removeFirst();
            sockets.echoed();
            return;
        }
        sockets.outOfOrder();
        for (Iterator<Long> i = unechoed.iterator(); i.hasNext(); ) {
            if (i.next() == id) {
                i.remove();
                return;
            }
        }
    }

    private void stopBeating() {
        if (beat != null) {
            beat.cancel(false);
            beat = null;
        }
    }

    private void moved() {
        sockets.moved();
        away(MOVE_MILLIS);
    }

    private void broken() {
        if (ending) {
            return;
        }
        if (everOpen && channel != null) {
            sockets.closed();
        }
        sockets.lost(unechoed.size());
        unechoed.clear();
        away(MEND_MILLIS);
    }

    private void away(long millis) {
        stopBeating();
        channel = null;
        loop.schedule(this::open, millis, TimeUnit.MILLISECONDS);
    }

    /** One connection of it; forgets itself once the connection has ended. */
    private final class Frames extends ChannelInboundHandlerAdapter {
        private boolean over;

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                greeted(ctx.channel());
            } else if (event == ClientHandshakeStateEvent.HANDSHAKE_TIMEOUT) {
                ctx.close();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object frame) {
            try {
                switch (frame) {
                    case TextWebSocketFrame text -> text(text.text());
                    case CloseWebSocketFrame close -> closing(ctx, close.statusCode());
                    default -> { }
                }
            } finally {
                ReferenceCountUtil.release(frame);
            }
        }

        private void closing(ChannelHandlerContext ctx, int status) {
            if (!over && !ending) {
                over = true;
                if (status == GOING_AWAY || status == SERVICE_RESTART) {
                    moved();
                } else {
                    broken();
                }
            }
            ctx.writeAndFlush(new CloseWebSocketFrame(status < NORMAL || status == 1005 ? NORMAL : status, "")).addListener(sent -> ctx.close());
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (!over) {
                over = true;
                broken();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (channel == null) {
                sockets.refused(cause);
            }
            ctx.close();
        }
    }
}
