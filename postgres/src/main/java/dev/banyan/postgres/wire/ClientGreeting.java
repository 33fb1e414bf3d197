package dev.banyan.postgres.wire;

import dev.banyan.net.Wires;
import dev.banyan.postgres.Login;
import dev.banyan.postgres.Proof;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The beginning of a client's connection: TLS, the start-up packet, and the proof of who it is; then it leaves the pipeline to {@link
 * Arrivals}. Owned by one IO loop.
 *
 * <p>Who is refused is told why in a way that PostgreSQL's clients can show, except where the bytes were no start-up packet or somebody
 * tampers with the connection: then it just closes.
 */
public final class ClientGreeting extends ChannelInboundHandlerAdapter {
    private enum Phase {
        /** The very first byte says whether TLS begins at once. */
        FIRST_BYTE,
        HANDSHAKE,
        STARTUP,
        /** What the user must prove is being looked up. */
        LOOKUP,
        AUTHENTICATION,
        /** It is no session but asks for another's statement to be cancelled. */
        CANCELLING,
        /** Let in, refused or gone. */
        OVER
    }

    private static final byte TLS_HANDSHAKE = 0x16;
    private static final byte PASSWORD = 'p';
    private static final int TYPE_AND_LENGTH = 5;
    /** PostgreSQL's PG_MAX_SASL_MESSAGE_LENGTH; an answer by MD5 is shorter. */
    private static final int MOST_ANSWER_BYTES = 1024;
    /** What a client may send ahead of questions. */
    private static final int MOST_AHEAD_BYTES = 64 * 1024;

    private final Greetings greetings;
    private Phase phase = Phase.FIRST_BYTE;
    private boolean encrypted;
    private boolean direct;
    private boolean tlsAsked;
    private boolean gssAsked;
    private ByteBuf pending;
    private Future<?> limit;
    private StartupPacket.Start start;
    private ClientExchange exchange;

    public ClientGreeting(Greetings greetings) {
        this.greetings = greetings;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        limit = ctx.channel().eventLoop().schedule(() -> tooSlow(ctx), greetings.limit().toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (phase == Phase.OVER) {
            bytes.release();
            return;
        }
        pending = pending == null ? bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), pending, bytes);
        proceed(ctx);
    }

    /** Does what the bytes allow that are here. */
    private void proceed(ChannelHandlerContext ctx) {
        try {
            boolean more = true;
            while (more && pending != null && pending.isReadable()) {
                more = switch (phase) {
                    case FIRST_BYTE -> firstByte(ctx);
                    case STARTUP -> startup(ctx);
                    case AUTHENTICATION -> authentication(ctx);
                    case LOOKUP -> ahead();
                    case CANCELLING -> passedOver();
                    case HANDSHAKE, OVER -> false;
                };
            }
        } catch (Refused e) {
            refuse(ctx, e.why());
        }
        if (pending != null && !pending.isReadable()) {
            pending.release();
            pending = null;
        }
    }

    private boolean firstByte(ChannelHandlerContext ctx) {
        phase = Phase.STARTUP;
        if (pending.getByte(pending.readerIndex()) == TLS_HANDSHAKE && greetings.tls().isPresent()) {
            direct = true;
            ByteBuf hello = pending;
            pending = null;
            beginTls(ctx);
            ctx.pipeline().fireChannelRead(hello);
            return false;
        }
        return true;
    }

    private boolean startup(ChannelHandlerContext ctx) throws Refused {
        if (pending.readableBytes() < StartupPacket.LENGTH_BYTES) {
            return false;
        }
        int length = pending.getInt(pending.readerIndex());
        if (!StartupPacket.fits(length)) {
            leave(ctx, Refusal.BAD_LENGTH.fatal(Integer.toUnsignedLong(length), StartupPacket.LENGTH_BYTES + StartupPacket.MOST_BYTES));
            return false;
        }
        if (pending.readableBytes() < length) {
            return false;
        }
        ByteBuf body = pending.readSlice(length).skipBytes(StartupPacket.LENGTH_BYTES);
        switch (StartupPacket.read(body)) {
            case StartupPacket.SslRequest _ -> sslRequested(ctx);
            case StartupPacket.GssRequest _ -> gssRequested(ctx);
            case StartupPacket.Cancel cancel -> {
                phase = Phase.CANCELLING;
                greetings.arrivals().cancel(cancel.processId(), cancel.key(), ctx::close);
            }
            case StartupPacket.Foreign foreign -> refuseVersion(ctx, foreign);
            case StartupPacket.Start asked -> started(ctx, asked);
        }
        return true;
    }

    private void sslRequested(ChannelHandlerContext ctx) throws Refused {
        if (tlsAsked) {
            throw new Refused(Refusal.ENCRYPTION_ASKED_TWICE.fatal("TLS"));
        }
        tlsAsked = true;
        if (pending.isReadable()) {
            leave(ctx, Refusal.CLEAR_BEHIND_REQUEST.fatal("TLS")); // CVE-2021-23214
            return;
        }
        ctx.writeAndFlush(oneByte(greetings.tls().isPresent() ? 'S' : 'N'));
        if (greetings.tls().isPresent()) {
            beginTls(ctx);
        }
    }

    private void gssRequested(ChannelHandlerContext ctx) throws Refused {
        if (gssAsked || encrypted) {
            throw new Refused(Refusal.ENCRYPTION_ASKED_TWICE.fatal("GSSAPI or TLS"));
        }
        gssAsked = true;
        if (pending.isReadable()) {
            leave(ctx, Refusal.CLEAR_BEHIND_REQUEST.fatal("GSSAPI encryption"));
            return;
        }
        ctx.writeAndFlush(oneByte('N'));
    }

    private static ByteBuf oneByte(char answer) {
        return Unpooled.wrappedBuffer(new byte[] {(byte) answer});
    }

    private void beginTls(ChannelHandlerContext ctx) {
        phase = Phase.HANDSHAKE;
        tlsAsked = true;
        SslHandler tls = greetings.tls().orElseThrow().context().newHandler(ctx.alloc());
        tls.setHandshakeTimeout(TlsLibrary.HANDSHAKE_SECONDS, TimeUnit.SECONDS);
        Wires.addFirst(ctx.pipeline(), tls);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent shaken) || phase != Phase.HANDSHAKE) {
            return;
        }
        if (!shaken.isSuccess()) {
            leave(ctx, Refusal.HANDSHAKE.fatal(shaken.cause().getMessage()));
            return;
        }
        phase = Phase.STARTUP;
        encrypted = true;
        if (direct && !ClientTls.PROTOCOL.equals(ctx.pipeline().get(SslHandler.class).applicationProtocol())) {
            refuse(ctx, Refusal.NO_ALPN.fatal());
        }
    }

    private void started(ChannelHandlerContext ctx, StartupPacket.Start asked) throws Refused {
        if (greetings.tlsRequired() && !encrypted) {
            throw new Refused(Refusal.TLS_REQUIRED.fatal());
        }
        start = asked;
        phase = Phase.LOOKUP;
        ctx.channel().config().setAutoRead(false);
        greetings.users().find(asked.parameters().user(), ctx.channel().eventLoop(), found -> found(ctx, found));
    }

    private boolean ahead() throws Refused {
        if (pending.readableBytes() > MOST_AHEAD_BYTES) {
            throw new Refused(Refusal.BAD_MESSAGE.fatal("more than " + MOST_AHEAD_BYTES + " bytes were sent before the password was asked for"));
        }
        return false;
    }

    private boolean passedOver() {
        pending.skipBytes(pending.readableBytes());
        return false;
    }

    private void found(ChannelHandlerContext ctx, Users.Found found) {
        if (phase != Phase.LOOKUP) {
            return; // it has gone, or took too long
        }
        String user = start.parameters().user();
        switch (found) {
            case Users.Found.Known known -> ask(ctx, exchange(user, known.verifier()));
            case Users.Found.Unknown _ -> ask(ctx, exchange(user, greetings.strangers().verifier(user)));
            case Users.Found.Failed failed -> refuse(ctx, failed.why());
        }
    }

    private ClientExchange exchange(String user, Verifier verifier) {
        Optional<byte[]> endPoint = encrypted ? greetings.tls().flatMap(ClientTls::endPoint) : Optional.empty();
        return switch (verifier) {
            case Verifier.Plain plain -> new ScramExchange(user, plain.scram(), endPoint, _ -> new Proof.Password(plain.password()), greetings.secrets());
            case Verifier.Scram scram -> new ScramExchange(user, scram, endPoint, keys -> keys, greetings.secrets());
            case Verifier.Md5 md5 -> new Md5Exchange(user, md5, greetings.secrets());
        };
    }

    private void ask(ChannelHandlerContext ctx, ClientExchange by) {
        exchange = by;
        phase = Phase.AUTHENTICATION;
        ByteBuf out = ctx.alloc().buffer();
        if (start.negotiated()) {
            AuthenticationRequest.writeNegotiation(out, start.minor(), start.parameters().unknownOptions());
        }
        exchange.ask(out);
        ctx.writeAndFlush(out);
        ctx.channel().config().setAutoRead(true);
        proceed(ctx);
    }

    private boolean authentication(ChannelHandlerContext ctx) throws Refused {
        byte type = pending.getByte(pending.readerIndex());
        if (type != PASSWORD) {
            throw new Refused(exchange.otherExpected().fatal(type & 0xff));
        }
        if (pending.readableBytes() < TYPE_AND_LENGTH) {
            return false;
        }
        int length = pending.getInt(pending.readerIndex() + 1);
        if (length < Integer.BYTES || length > MOST_ANSWER_BYTES) {
            throw new Refused(Refusal.BAD_MESSAGE.fatal("invalid message length: " + Integer.toUnsignedLong(length) + " bytes for a password; at most " + MOST_ANSWER_BYTES + " are taken"));
        }
        if (pending.readableBytes() < 1 + length) {
            return false;
        }
        ByteBuf body = pending.readSlice(1 + length).skipBytes(TYPE_AND_LENGTH);
        answered(ctx, body);
        return true;
    }

    private void answered(ChannelHandlerContext ctx, ByteBuf body) throws Refused {
        ByteBuf out = ctx.alloc().buffer();
        try {
            Optional<Proof> proof = exchange.answer(body, out);
            proof.ifPresent(_ -> AuthenticationRequest.writeOk(out));
            ctx.writeAndFlush(out.retain());
            proof.ifPresent(by -> arrive(ctx, by));
        } finally {
            out.release();
        }
    }

    private void arrive(ChannelHandlerContext ctx, Proof proof) {
        StartupParameters asked = start.parameters();
        ByteBuf rest = pending == null ? Unpooled.EMPTY_BUFFER : pending;
        pending = null;
        over();
        ctx.pipeline().remove(this);
        greetings.arrivals().arrived(ctx.channel(), new Login(asked.user(), asked.database(), start.minor(), asked.settings(), proof), rest);
    }

    private void tooSlow(ChannelHandlerContext ctx) {
        PostgresError why = Refusal.TOO_SLOW.fatal(greetings.limit().toMillis());
        switch (phase) {
            case FIRST_BYTE, HANDSHAKE, STARTUP, CANCELLING -> leave(ctx, why);
            case LOOKUP, AUTHENTICATION -> refuse(ctx, why);
            case OVER -> { }
        }
    }

    private void refuseVersion(ChannelHandlerContext ctx, StartupPacket.Foreign version) {
        PostgresError why = Refusal.UNSUPPORTED_PROTOCOL.fatal(version.major(), version.minor());
        if (version.major() >= 3) {
            refuse(ctx, why);
            return;
        }
        // Before version 3 an error was a text.
        over();
        ByteBuf out = ctx.alloc().buffer().writeByte('E');
        out.writeCharSequence("FATAL:  " + why.message() + "\n\0", StandardCharsets.US_ASCII);
        ctx.writeAndFlush(out).addListener(ChannelFutureListener.CLOSE);
        greetings.arrivals().turnedAway(ctx.channel(), why);
    }

    /** Says why, and closes. */
    private void refuse(ChannelHandlerContext ctx, PostgresError why) {
        over();
        ByteBuf out = ctx.alloc().buffer();
        why.writeTo(out);
        ctx.writeAndFlush(out).addListener(ChannelFutureListener.CLOSE);
        ctx.channel().config().setAutoRead(true); // what is left unread when a socket closes can cost the client what it was told
        greetings.arrivals().turnedAway(ctx.channel(), why);
    }

    /** Closes without a word to the client. */
    private void leave(ChannelHandlerContext ctx, PostgresError why) {
        leave(ctx);
        greetings.arrivals().turnedAway(ctx.channel(), why);
    }

    private void leave(ChannelHandlerContext ctx) {
        over();
        ctx.close();
    }

    private void over() {
        phase = Phase.OVER;
        limit.cancel(false);
        if (pending != null) {
            pending.skipBytes(pending.readableBytes());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (phase == Phase.HANDSHAKE && cause instanceof DecoderException) {
            return; // an event tells it
        }
        if (cause instanceof IOException || cause instanceof DecoderException) {
            leave(ctx); // reset by the client, or its TLS is broken
        } else {
            leave(ctx, Refusal.INTERNAL.fatal(cause.toString()));
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        phase = Phase.OVER;
        limit.cancel(false);
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }
}
