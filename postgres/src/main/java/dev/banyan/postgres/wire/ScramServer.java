package dev.banyan.postgres.wire;

import dev.banyan.postgres.Proof;
import java.util.Optional;

/**
 * The server's half of one SCRAM exchange (RFC 5802; PostgreSQL's auth-scram.c): tells whether the client knows the password, and gets its
 * ClientKey, without seeing the password. Owned by one connection.
 */
final class ScramServer {
    static final String PLAIN = "SCRAM-SHA-256";
    static final String PLUS = "SCRAM-SHA-256-PLUS";

    private final Verifier.Scram verifier;
    private final Optional<byte[]> endPoint;
    private final String nonce;
    private ScramMessage.ClientFirst clientFirst;
    private String serverFirst;

    /**
     * @param endPoint what channel binding must name; empty where PLUS was not offered
     * @param nonce the server's part
     */
    ScramServer(Verifier.Scram verifier, Optional<byte[]> endPoint, String nonce) {
        this.verifier = verifier;
        this.endPoint = endPoint;
        this.nonce = nonce;
    }

    /** How the exchange went. */
    sealed interface Outcome {
        /** @param serverFinal what the client is told, which proves the server to it */
        record Proved(String serverFinal, Proof.ScramKeys keys) implements Outcome {}

        record Wrong() implements Outcome {}
    }

    /** Takes the client's first message and gives the server's. */
    String first(String mechanism, String message) throws Refused {
        clientFirst = ScramMessage.ClientFirst.read(message);
        boolean plus = mechanism.equals(PLUS);
        if (plus != (clientFirst.binding() == 'p')) {
            throw new Refused(Refusal.BAD_SCRAM.fatal(plus ? PLUS + " was chosen without channel binding data" : PLAIN + " was chosen with channel binding data"));
        }
        if (plus && !clientFirst.bindingType().equals(ChannelBinding.TYPE)) {
            throw new Refused(Refusal.UNKNOWN_BINDING.fatal(clientFirst.bindingType()));
        }
        if (clientFirst.binding() == 'y' && endPoint.isPresent()) {
            throw new Refused(Refusal.BINDING_DOWNGRADED.fatal());
        }
        serverFirst = "r=" + clientFirst.nonce() + nonce + ",s=" + ScramSha256.base64(verifier.salt()) + ",i=" + verifier.iterations();
        return serverFirst;
    }

    /** Takes the client's last message. */
    Outcome last(String message) throws Refused {
        var last = ScramMessage.ClientFinal.read(message);
        checkBinding(last.binding());
        if (!last.nonce().equals(clientFirst.nonce() + nonce)) {
            throw new Refused(Refusal.BAD_SCRAM.fatal("the nonce is not the one of this exchange"));
        }
        byte[] authMessage = ScramMessage.bytes(clientFirst.bare() + "," + serverFirst + "," + last.withoutProof());
        byte[] clientKey = ScramSha256.maskedByClientSignature(last.proof(), verifier.storedKey(), authMessage);
        if (!ScramSha256.same(ScramSha256.hash(clientKey), verifier.storedKey())) {
            return new Outcome.Wrong();
        }
        String signature = ScramSha256.base64(ScramSha256.hmac(verifier.serverKey(), authMessage));
        return new Outcome.Proved("v=" + signature, new Proof.ScramKeys(clientKey, verifier.serverKey()));
    }

    private void checkBinding(byte[] sent) throws Refused {
        byte[] header = ScramMessage.bytes(clientFirst.header());
        byte[] expected = clientFirst.binding() == 'p' ? ScramMessage.join(header, endPoint.orElseThrow()) : header;
        if (!ScramSha256.same(sent, expected)) {
            throw new Refused(clientFirst.binding() == 'p' ? Refusal.BINDING_DIFFERS.fatal() : Refusal.BAD_SCRAM.fatal("unexpected channel-binding attribute in client-final-message"));
        }
    }
}
