package dev.banyan.postgres.wire;

import dev.banyan.postgres.Login;
import dev.banyan.postgres.Member;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** From the start-up packet to the server's first ReadyForQuery; then it leaves. Owned by one IO loop. */
final class ServerLogin extends ChannelInboundHandlerAdapter {
    private static final int PROTOCOL_3_0 = 3 << 16;
    private static final int TYPE_AND_LENGTH = 5;
    private static final int MOST_MESSAGE_BYTES = 64 * 1024;
    /** All messages together, from a server that never gets ready. */
    private static final int MOST_BYTES = 1024 * 1024;

    private final Member member;
    private final Login login;
    private final Map<String, String> asked;
    private final ServerExchange exchange;
    private final ScramKeyCache cache;
    private final Opened opened;
    private final Map<String, String> reported = new HashMap<>();
    private ByteBuf pending;
    private long read;
    private int processId;
    private byte[] key = new byte[0];
    private boolean told;

    /** @param asked run-time parameters for the start-up packet */
    ServerLogin(Member member, Login login, Map<String, String> asked, ServerExchange exchange, ScramKeyCache cache, Opened opened) {
        this.member = member;
        this.login = login;
        this.asked = asked;
        this.exchange = exchange;
        this.cache = cache;
        this.opened = opened;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ByteBuf out = ctx.alloc().buffer().writeInt(0).writeInt(PROTOCOL_3_0);
        parameter(out, "user", login.user());
        parameter(out, "database", login.database());
        asked.forEach((name, value) -> parameter(out, name, value));
        out.writeByte(0).setInt(0, out.readableBytes());
        ctx.writeAndFlush(out);
    }

    private static void parameter(ByteBuf out, String name, String value) {
        for (String text : new String[] {name, value}) {
            out.writeCharSequence(text, StandardCharsets.UTF_8);
            out.writeByte(0);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (told) {
            bytes.release();
            return;
        }
        read += bytes.readableBytes();
        pending = pending == null ? bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), pending, bytes);
        try {
            while (!told && message(ctx)) { }
        } catch (Refused e) {
            fail(ctx, e.why());
        }
    }

    private boolean message(ChannelHandlerContext ctx) throws Refused {
        if (pending.readableBytes() < TYPE_AND_LENGTH) {
            return false;
        }
        byte type = pending.getByte(pending.readerIndex());
        int length = pending.getInt(pending.readerIndex() + 1);
        if (length < Integer.BYTES || length > MOST_MESSAGE_BYTES || read > MOST_BYTES) {
            throw broken("a message of type " + (type & 0xff) + " with " + Integer.toUnsignedLong(length) + " bytes, after " + read + " in all");
        }
        if (pending.readableBytes() < 1 + length) {
            return false;
        }
        take(ctx, type, pending.readSlice(1 + length).skipBytes(TYPE_AND_LENGTH));
        return true;
    }

    private void take(ChannelHandlerContext ctx, byte type, ByteBuf body) throws Refused {
        switch (type) {
            case 'E' -> fail(ctx, ServerError.read(body));
            case 'N' -> { }
            case AuthenticationRequest.TYPE -> {
                if (exchange.over()) {
                    throw broken("an authentication request after AuthenticationOk");
                }
                step(ctx, exchange.asked(body));
            }
            case 'S', 'K', 'Z' -> {
                if (!exchange.over()) {
                    throw broken("message type " + (char) type + " before AuthenticationOk");
                }
                welcome(ctx, type, body);
            }
            default -> throw broken("message type " + (type & 0xff) + " during the login");
        }
    }

    private void step(ChannelHandlerContext ctx, ServerExchange.Step step) {
        switch (step) {
            case ServerExchange.Step.Await _ -> { }
            case ServerExchange.Step.Send send -> ctx.writeAndFlush(Unpooled.wrappedBuffer(send.message()));
            case ServerExchange.Step.Compute compute -> {
                CompletableFuture<ScramSha256.Keys> keys = cache.keys(compute.password(), compute.salt(), compute.iterations());
                keys.whenComplete((found, failure) -> ctx.channel().eventLoop().execute(() -> computed(ctx, found, failure)));
            }
        }
    }

    private void computed(ChannelHandlerContext ctx, ScramSha256.Keys keys, Throwable failure) {
        if (told) {
            return;
        }
        if (failure != null) {
            fail(ctx, Refusal.INTERNAL.fatal("no SCRAM keys for server " + member.name() + ": " + failure));
        } else {
            ctx.writeAndFlush(Unpooled.wrappedBuffer(exchange.computed(keys)));
        }
    }

    private void welcome(ChannelHandlerContext ctx, byte type, ByteBuf body) throws Refused {
        switch (type) {
            case 'S' -> reported.put(text(body), text(body));
            case 'K' -> {
                if (body.readableBytes() < 4 + StartupPacket.Cancel.SHORTEST_KEY || body.readableBytes() > 4 + StartupPacket.Cancel.LONGEST_KEY) {
                    throw broken("BackendKeyData of " + body.readableBytes() + " bytes");
                }
                processId = body.readInt();
                key = ByteBufUtil.getBytes(body);
            }
            default -> ready(ctx);
        }
    }

    private String text(ByteBuf body) throws Refused {
        int length = body.bytesBefore((byte) 0);
        if (length < 0) {
            throw broken("a text without an end");
        }
        String text = body.readCharSequence(length, StandardCharsets.UTF_8).toString();
        body.skipBytes(1);
        return text;
    }

    private void ready(ChannelHandlerContext ctx) {
        told = true;
        ByteBuf rest = pending;
        pending = null;
        ctx.channel().config().setAutoRead(false);
        ctx.pipeline().remove(this);
        opened.opened(ctx.channel(), new ServerWelcome(reported, processId, key));
        if (rest.isReadable()) {
            // To whatever has taken this handler's place, past TLS: these bytes have been through it.
            ChannelHandlerContext tls = ctx.pipeline().context(SslHandler.class);
            if (tls == null) {
                ctx.pipeline().fireChannelRead(rest);
            } else {
                tls.fireChannelRead(rest);
            }
        } else {
            rest.release();
        }
    }

    private void fail(ChannelHandlerContext ctx, PostgresError why) {
        if (!told) {
            told = true;
            ctx.close();
            opened.failed(why, read > 0);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ctx, Refusal.SERVER_LEFT.fatal(member));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, Refusal.UNREACHABLE.fatal(member, cause.getMessage()));
    }

    private Refused broken(String what) {
        return new Refused(Refusal.SERVER_BROKE_PROTOCOL.fatal(member, what));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }
}
