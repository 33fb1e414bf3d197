package dev.banyan.postgres.wire;

import dev.banyan.net.Loops;
import dev.banyan.postgres.Login;
import dev.banyan.postgres.Proof;
import dev.banyan.topology.Secret;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One connection of a client to a {@link ClientGreeting} in memory, and what came of it as words: {@code S} and {@code N} answer requests for
 * encryption, {@code v} is a negotiation, {@code R10} an authentication request, {@code E28000} an error; then what the router was told, and
 * {@code closed} where it closed.
 */
final class Visit implements Arrivals, Users, AutoCloseable {
    static final String PASSWORD = "right";
    static final SecureRandom SECRETS = Loops.secrets();
    static final Verifier.Scram SCRAM = ScramSha256.verifier(PASSWORD, SECRETS);
    private static final Strangers STRANGERS = Strangers.of(SECRETS);
    static final Duration LIMIT = Duration.ofSeconds(60);
    static final Map<String, Verifier> USERS = Map.of(
            "ada", SCRAM,
            "bob", new Verifier.Plain(new Secret(PASSWORD), SCRAM),
            "eve", new Verifier.Md5(new Secret(Passwords.md5Verifier("eve", PASSWORD))));

    final EmbeddedChannel channel;
    final List<String> words = new ArrayList<>();
    final List<Runnable> lookups = new ArrayList<>();
    final boolean slowLookup;
    Login login;
    String rest;
    PostgresError told;
    byte[] lastRequest;
    private final ByteBuf said = Unpooled.buffer();
    private Runnable cancelled;

    Visit() {
        this(Optional.empty(), false, false);
    }

    Visit(Optional<ClientTls> tls, boolean required, boolean slowLookup) {
        this.slowLookup = slowLookup;
        this.channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.pipeline().addLast(new ClientGreeting(new Greetings(this, STRANGERS, tls, required, this, LIMIT, SECRETS)));
    }

    Visit send(byte[]... parts) {
        for (byte[] part : parts) {
            if (channel.isOpen()) {
                channel.writeInbound(Unpooled.copiedBuffer(part));
            } else {
                break;
            }
        }
        return this;
    }

    /** Cut before each of these places. */
    Visit sendCut(byte[] bytes, int... ends) {
        int at = 0;
        for (int end : ends) {
            if (end > at) {
                send(java.util.Arrays.copyOfRange(bytes, at, end));
                at = end;
            }
        }
        return this;
    }

    /** What was said until now, in words. */
    String outcome() {
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            said.writeBytes(out);
            out.release();
        }
        List<String> all = new ArrayList<>();
        ByteBuf text = said.duplicate();
        while (text.isReadable()) {
            all.add(word(text));
        }
        all.addAll(words);
        if (!channel.isOpen()) {
            all.add("closed");
        }
        return String.join(" ", all);
    }

    private String word(ByteBuf text) {
        char type = (char) text.readByte();
        if (type == 'S' || type == 'N') {
            return "" + type;
        }
        if (type == 'E' && text.getByte(text.readerIndex()) == 'F') { // before version 3
            text.skipBytes(text.bytesBefore((byte) 0) + 1);
            return "E2.0";
        }
        ByteBuf body = text.readSlice(text.getInt(text.readerIndex())).skipBytes(4);
        return switch (type) {
            case 'R' -> {
                lastRequest = ByteBufUtil.getBytes(body, body.readerIndex() + 4, body.readableBytes() - 4);
                yield "R" + body.readInt();
            }
            case 'E' -> "E" + ServerError.read(body).state();
            default -> "" + type;
        };
    }

    @Override
    public void find(String user, EventLoop loop, Consumer<Found> found) {
        Found answer = user.equals("lost")
                ? new Found.Failed(Refusal.USERS_UNKNOWN.fatal(user, "the server that knows the users does not answer"))
                : USERS.containsKey(user) ? new Found.Known(USERS.get(user)) : new Found.Unknown();
        if (slowLookup) {
            lookups.add(() -> found.accept(answer));
        } else {
            found.accept(answer);
        }
    }

    @Override
    public void arrived(Channel from, Login as, ByteBuf left) {
        login = as;
        rest = left.toString(StandardCharsets.ISO_8859_1);
        left.release();
        words.add("in:" + switch (as.proof()) {
            case Proof.Password _ -> "password";
            case Proof.ScramKeys _ -> "scram";
            case Proof.Md5 _ -> "md5";
        });
    }

    @Override
    public void cancel(int processId, byte[] key, Runnable done) {
        words.add("cancel:" + processId + ":" + key.length);
        cancelled = done;
    }

    void cancelDone() {
        cancelled.run();
    }

    @Override
    public void turnedAway(Channel from, PostgresError why) {
        told = why;
    }

    /** Proves by SCRAM, as far as it gets. */
    Visit scram(String password) throws Refused {
        return scram(password, new byte[0]);
    }

    Visit scram(String password, byte[] behind) throws Refused {
        ScramClient client = new ScramClient(Optional.empty(), false, ScramSha256.nonce(SECRETS));
        send(Wire.saslInitial(client.mechanism(), client.first()));
        outcome();
        var challenge = client.challenged(new String(lastRequest, StandardCharsets.ISO_8859_1));
        return send(Wire.join(Wire.message('p', Wire.utf8(client.last(ScramSha256.keys(password, challenge.salt(), challenge.iterations())))), behind));
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
        said.release();
    }
}
