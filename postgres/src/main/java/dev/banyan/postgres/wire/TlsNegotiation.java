package dev.banyan.postgres.wire;

import dev.banyan.net.Wires;
import dev.banyan.postgres.Member;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;

/** The first exchange on a connection to a server: whether there will be TLS, and its handshake; then it leaves. Owned by one IO loop. */
final class TlsNegotiation extends ChannelInboundHandlerAdapter {
    private static final int SSL_REQUEST = 1234 << 16 | 5679;

    private final Member member;
    private final SslMode mode;
    private final Optional<SslContext> context;
    private final ServerDial.Dialled dialled;
    private boolean told;
    private boolean answered;

    TlsNegotiation(Member member, SslMode mode, Optional<SslContext> context, ServerDial.Dialled dialled) {
        this.member = member;
        this.mode = mode;
        this.context = context;
        this.dialled = dialled;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (mode == SslMode.DISABLE) {
            succeed(ctx, false);
        } else {
            ctx.writeAndFlush(ctx.alloc().buffer(8).writeInt(8).writeInt(SSL_REQUEST));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (!answered && !told && bytes.isReadable()) {
                answer(ctx, bytes);
            }
        } finally {
            bytes.release();
        }
    }

    private void answer(ChannelHandlerContext ctx, ByteBuf bytes) {
        answered = true;
        byte answer = bytes.readByte();
        if (bytes.isReadable()) {
            // What follows is not protected by TLS though it could pass for it (CVE-2021-23222).
            fail(ctx, Refusal.SERVER_BROKE_PROTOCOL.fatal(member, "unencrypted bytes behind the answer to the TLS request"), true);
        } else if (answer == 'S') {
            handshake(ctx);
        } else if (answer != 'N') {
            fail(ctx, Refusal.SERVER_BROKE_PROTOCOL.fatal(member, "an answer to the TLS request that is neither S nor N"), false);
        } else if (mode == SslMode.PREFER) {
            succeed(ctx, false);
        } else {
            fail(ctx, Refusal.SERVER_HAS_NO_TLS.fatal(member, ServerTls.shown(mode)), true);
        }
    }

    private void handshake(ChannelHandlerContext ctx) {
        SslHandler tls = context.orElseThrow().newHandler(ctx.alloc(), member.address().host(), member.address().port());
        tls.setHandshakeTimeout(TlsLibrary.HANDSHAKE_SECONDS, TimeUnit.SECONDS);
        Wires.addFirst(ctx.pipeline(), tls);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent shaken) {
            if (shaken.isSuccess()) {
                succeed(ctx, true);
            } else {
                fail(ctx, Refusal.SERVER_HANDSHAKE.fatal(member, shaken.cause().getMessage()), true);
            }
        }
    }

    private void succeed(ChannelHandlerContext ctx, boolean encrypted) {
        if (!told) {
            told = true;
            Optional<byte[]> endPoint = encrypted ? endPoint(ctx) : Optional.empty();
            ctx.pipeline().remove(this);
            dialled.dialled(ctx.channel(), encrypted, endPoint);
        }
    }

    private static Optional<byte[]> endPoint(ChannelHandlerContext ctx) {
        try {
            var session = ctx.pipeline().get(SslHandler.class).engine().getSession();
            return session.getPeerCertificates()[0] instanceof X509Certificate certificate ? ChannelBinding.endPoint(certificate) : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    void unreachable(Throwable cause) {
        if (!told) {
            told = true;
            dialled.failed(Refusal.UNREACHABLE.fatal(member, cause.getMessage()), false);
        }
    }

    private void fail(ChannelHandlerContext ctx, PostgresError why, boolean reachable) {
        ctx.close();
        if (!told) {
            told = true;
            dialled.failed(why, reachable);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ctx, Refusal.SERVER_LEFT.fatal(member), false);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (ctx.pipeline().get(SslHandler.class) == null) { // a handshake's failure is told by its event
            fail(ctx, Refusal.UNREACHABLE.fatal(member, cause.getMessage()), false);
        }
    }
}
