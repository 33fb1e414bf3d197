package dev.banyan.postgres.wire;

import dev.banyan.postgres.Login;
import dev.banyan.postgres.Member;
import dev.banyan.postgres.Proof;
import dev.banyan.topology.Secret;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/** Answers what a server asks during authentication, with the proof there is. Owned by one connection. */
final class ServerExchange {
    private final Member member;
    private final Login login;
    private final boolean encrypted;
    private final Optional<byte[]> endPoint;
    private final SecureRandom secrets;
    private ScramClient scram;
    private boolean serverProved;
    private boolean over;

    /** @param endPoint of the server's certificate, where there is TLS */
    ServerExchange(Member member, Login login, boolean encrypted, Optional<byte[]> endPoint, SecureRandom secrets) {
        this.member = member;
        this.login = login;
        this.encrypted = encrypted;
        this.endPoint = endPoint;
        this.secrets = secrets;
    }

    /** What to do next. */
    sealed interface Step {
        record Await() implements Step {}

        record Send(byte[] message) implements Step {}

        /** Find the keys, then go on with {@link ServerExchange#computed}. */
        record Compute(Secret password, byte[] salt, int iterations) implements Step {}
    }

    /** The server has said AuthenticationOk. */
    boolean over() {
        return over;
    }

    /** @param content of a message of type R behind its length */
    Step asked(ByteBuf content) throws Refused {
        if (content.readableBytes() < Integer.BYTES) {
            throw broken("an authentication request of " + content.readableBytes() + " bytes");
        }
        int which = content.readInt();
        if (scram == null && (which == AuthenticationRequest.SASL_CONTINUE || which == AuthenticationRequest.SASL_FINAL)) {
            throw broken("a SASL message before SASL was asked for");
        }
        return switch (which) {
            case AuthenticationRequest.OK -> ok();
            case AuthenticationRequest.CLEARTEXT -> new Step.Send(message(password("the password in clear") + "\0"));
            case AuthenticationRequest.MD5 -> md5(content);
            case AuthenticationRequest.SASL -> sasl(content);
            case AuthenticationRequest.SASL_CONTINUE -> challenged(text(content));
            case AuthenticationRequest.SASL_FINAL -> proved(text(content));
            case 7, 8 -> throw tooMuch("GSSAPI");
            case 9 -> throw tooMuch("SSPI");
            default -> throw tooMuch("authentication method " + which);
        };
    }

    private Step ok() throws Refused {
        if (scram != null && !serverProved) {
            throw new Refused(Refusal.SERVER_UNPROVED.fatal(member, login.user()));
        }
        over = true;
        return new Step.Await();
    }

    private String password(String what) throws Refused {
        if (login.proof() instanceof Proof.Password known) {
            return known.password().reveal();
        }
        throw tooMuch(what);
    }

    private Step md5(ByteBuf content) throws Refused {
        if (content.readableBytes() != 4) {
            throw broken("an MD5 salt of " + content.readableBytes() + " bytes");
        }
        byte[] salt = new byte[4];
        content.readBytes(salt);
        String verifier = login.proof() instanceof Proof.Md5 md5 ? md5.verifier().reveal() : Passwords.md5Verifier(login.user(), password("an md5 answer"));
        return new Step.Send(message(Passwords.md5Answer(verifier, salt) + "\0"));
    }

    private Step sasl(ByteBuf content) throws Refused {
        if (scram != null) {
            throw broken("SASL is asked for twice");
        }
        List<String> offered = List.of(text(content).split("\0"));
        boolean plus = endPoint.isPresent() && offered.contains(ScramServer.PLUS);
        if (!plus && !offered.contains(ScramServer.PLAIN)) {
            throw tooMuch("an unknown SASL mechanism");
        }
        if (login.proof() instanceof Proof.Md5) {
            throw tooMuch("SCRAM");
        }
        scram = new ScramClient(plus ? endPoint : Optional.empty(), encrypted && endPoint.isPresent(), ScramSha256.nonce(secrets));
        byte[] first = ScramMessage.bytes(scram.first());
        byte[] name = ScramMessage.bytes(scram.mechanism() + "\0");
        byte[] length = {0, 0, (byte) (first.length >>> 8), (byte) first.length};
        return new Step.Send(message(ScramMessage.join(ScramMessage.join(name, length), first)));
    }

    private Step challenged(String text) throws Refused {
        ScramMessage.ServerFirst challenge = scram.challenged(text);
        if (challenge.iterations() > ScramSha256.MOST_ITERATIONS) {
            throw broken("SCRAM with " + challenge.iterations() + " iterations; at most " + ScramSha256.MOST_ITERATIONS + " are done");
        }
        return switch (login.proof()) {
            case Proof.Password known -> new Step.Compute(known.password(), challenge.salt(), challenge.iterations());
            case Proof.ScramKeys keys -> new Step.Send(computed(new ScramSha256.Keys(keys.clientKey(), keys.serverKey())));
            case Proof.Md5 _ -> throw tooMuch("SCRAM");
        };
    }

    /** The message that follows once the keys are there. */
    byte[] computed(ScramSha256.Keys keys) {
        return message(ScramMessage.bytes(scram.last(keys)));
    }

    private Step proved(String text) throws Refused {
        if (!scram.proves(text)) {
            throw new Refused(Refusal.SERVER_UNPROVED.fatal(member, login.user()));
        }
        serverProved = true;
        return new Step.Await();
    }

    private static String text(ByteBuf content) {
        return content.readCharSequence(content.readableBytes(), StandardCharsets.ISO_8859_1).toString();
    }

    private static byte[] message(String body) {
        return message(body.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] message(byte[] body) {
        int length = Integer.BYTES + body.length;
        return ScramMessage.join(new byte[] {'p', (byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length}, body);
    }

    private Refused broken(String what) {
        return new Refused(Refusal.SERVER_BROKE_PROTOCOL.fatal(member, what));
    }

    private Refused tooMuch(String what) {
        String has = switch (login.proof()) {
            case Proof.Password _ -> "a password";
            case Proof.ScramKeys _ -> "what the client's SCRAM login left";
            case Proof.Md5 _ -> "an md5 verifier";
        };
        return new Refused(Refusal.SERVER_ASKS_TOO_MUCH.fatal(member, what, login.user(), has,
                login.proof() instanceof Proof.Password ? "set scram-sha-256 in its pg_hba.conf" : "give the router this user's password in database.router.users-file, or set scram-sha-256 in the server's pg_hba.conf and as its password_encryption"));
    }
}
