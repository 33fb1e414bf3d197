package dev.banyan.postgres.wire;

import java.util.Optional;

/**
 * The client's half of one SCRAM exchange with a server. It needs no password, only the two keys that come of one: those a client's own
 * exchange has left here fit a server that holds the same verifier. Owned by one connection.
 */
final class ScramClient {
    private final Optional<byte[]> endPoint;
    private final String nonce;
    private final String header;
    private ScramMessage.ServerFirst serverFirst;
    private String serverFirstText;
    private byte[] authMessage;
    private byte[] serverKey;

    /**
     * @param endPoint of the server's certificate, where PLUS is used
     * @param couldBind the connection has TLS and we could use PLUS, but the server did not offer it
     */
    ScramClient(Optional<byte[]> endPoint, boolean couldBind, String nonce) {
        this.endPoint = endPoint;
        this.nonce = nonce;
        this.header = endPoint.isPresent() ? "p=" + ChannelBinding.TYPE + ",," : couldBind ? "y,," : "n,,";
    }

    String mechanism() {
        return endPoint.isPresent() ? ScramServer.PLUS : ScramServer.PLAIN;
    }

    /** Servers go by the start-up packet's user. */
    private String bare() {
        return "n=,r=" + nonce;
    }

    String first() {
        return header + bare();
    }

    /** Takes the server's first message; salt and iterations say which keys are wanted. */
    ScramMessage.ServerFirst challenged(String message) throws Refused {
        serverFirst = ScramMessage.ServerFirst.read(message);
        serverFirstText = message;
        if (!serverFirst.nonce().startsWith(nonce) || serverFirst.nonce().length() == nonce.length()) {
            throw new Refused(Refusal.BAD_SCRAM.fatal("the server's nonce is not made from ours"));
        }
        return serverFirst;
    }

    /** The last message to the server. */
    String last(ScramSha256.Keys keys) {
        byte[] binding = ScramMessage.bytes(header);
        String withoutProof = "c=" + ScramSha256.base64(endPoint.map(hash -> ScramMessage.join(binding, hash)).orElse(binding)) + ",r=" + serverFirst.nonce();
        authMessage = ScramMessage.bytes(bare() + "," + serverFirstText + "," + withoutProof);
        serverKey = keys.serverKey();
        byte[] proof = ScramSha256.maskedByClientSignature(keys.clientKey(), ScramSha256.hash(keys.clientKey()), authMessage);
        return withoutProof + ",p=" + ScramSha256.base64(proof);
    }

    /** Whether the server's last message proves that it knows the verifier. */
    boolean proves(String message) {
        String expected = "v=" + ScramSha256.base64(ScramSha256.hmac(serverKey, authMessage));
        return ScramSha256.same(ScramMessage.bytes(message), ScramMessage.bytes(expected));
    }
}
