package dev.banyan.postgres.wire;

import dev.banyan.postgres.Proof;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Carries a SCRAM exchange over PostgreSQL's SASL messages. */
final class ScramExchange implements ClientExchange {
    private enum Next {
        MECHANISM,
        FIRST,
        LAST
    }

    private final String user;
    private final Optional<byte[]> endPoint;
    private final Function<Proof.ScramKeys, Proof> proof;
    private final ScramServer scram;
    private Next next = Next.MECHANISM;
    private String mechanism;

    /**
     * @param endPoint for channel binding; empty without TLS
     * @param proof what the router keeps of the client's keys
     */
    ScramExchange(String user, Verifier.Scram verifier, Optional<byte[]> endPoint, Function<Proof.ScramKeys, Proof> proof, SecureRandom secrets) {
        this.user = user;
        this.endPoint = endPoint;
        this.proof = proof;
        this.scram = new ScramServer(verifier, endPoint, ScramSha256.nonce(secrets));
    }

    @Override
    public void ask(ByteBuf out) {
        AuthenticationRequest.writeSasl(out, mechanisms());
    }

    private List<String> mechanisms() {
        return endPoint.isPresent() ? List.of(ScramServer.PLUS, ScramServer.PLAIN) : List.of(ScramServer.PLAIN);
    }

    @Override
    public Optional<Proof> answer(ByteBuf body, ByteBuf out) throws Refused {
        switch (next) {
            case MECHANISM -> chosen(body, out);
            case FIRST -> first(rest(body), out);
            case LAST -> {
                return Optional.of(last(rest(body), out));
            }
        }
        return Optional.empty();
    }

    private void chosen(ByteBuf body, ByteBuf out) throws Refused {
        int length = body.bytesBefore((byte) 0);
        if (length < 0) {
            throw new Refused(Refusal.BAD_MESSAGE.fatal("invalid SASL message: the mechanism's name has no end"));
        }
        mechanism = body.readCharSequence(length, StandardCharsets.ISO_8859_1).toString();
        if (!mechanisms().contains(mechanism)) {
            throw new Refused(Refusal.BAD_MESSAGE.fatal("client selected an invalid SASL authentication mechanism"));
        }
        if (body.skipBytes(1).readableBytes() < Integer.BYTES) {
            throw new Refused(Refusal.BAD_MESSAGE.fatal("invalid SASL message: it has no length"));
        }
        int said = body.readInt();
        if (said == -1 && !body.isReadable()) {
            next = Next.FIRST; // it has no initial response and waits to be asked for it
            AuthenticationRequest.writeSasl(out, AuthenticationRequest.SASL_CONTINUE, "");
        } else if (said != body.readableBytes()) {
            throw new Refused(Refusal.BAD_MESSAGE.fatal("invalid SASL message: it says " + said + " bytes and has " + body.readableBytes()));
        } else {
            first(rest(body), out);
        }
    }

    private void first(String message, ByteBuf out) throws Refused {
        AuthenticationRequest.writeSasl(out, AuthenticationRequest.SASL_CONTINUE, scram.first(mechanism, message));
        next = Next.LAST;
    }

    private Proof last(String message, ByteBuf out) throws Refused {
        return switch (scram.last(message)) {
            case ScramServer.Outcome.Proved proved -> {
                AuthenticationRequest.writeSasl(out, AuthenticationRequest.SASL_FINAL, proved.serverFinal());
                yield proof.apply(proved.keys());
            }
            case ScramServer.Outcome.Wrong _ -> throw new Refused(Refusal.WRONG_PASSWORD.fatal(user));
        };
    }

    private static String rest(ByteBuf body) {
        return body.readCharSequence(body.readableBytes(), StandardCharsets.ISO_8859_1).toString();
    }

    @Override
    public Refusal otherExpected() {
        return Refusal.EXPECTED_SASL;
    }
}
