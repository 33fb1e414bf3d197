package dev.banyan.http;

import dev.banyan.topology.Secret;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyTLV;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * What an edge shows the front door at the beginning of each connection, so that the forwarding headers of its requests are believed: a PROXY protocol
 * header of version 2 with a secret in a field of a type that the protocol leaves to its users (0xE1, section 2.2). A header of the
 * requests themselves would cost every request, and could be forged through an edge that forgets to remove it. Immutable.
 */
public final class EdgePass {
    /** The protocol's signature, then version 2 and PROXY, then TCP over IPv4. */
    private static final byte[] HEAD = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + "21" + "11");
    /** From 0.0.0.0:0 to 0.0.0.0:0: many clients share the connection, and a header without addresses has no fields for our decoder. */
    private static final byte[] ADDRESSES = new byte[12];
    private static final byte FIELD = (byte) 0xE1;
    private static final int MOST_BYTES = 128;

    private final byte[] secret;

    /** @throws IllegalArgumentException when the secret is empty, or longer than 128 bytes */
    public EdgePass(Secret secret) {
        this.secret = secret.reveal().getBytes(StandardCharsets.UTF_8);
        if (this.secret.length == 0 || this.secret.length > MOST_BYTES) {
            throw new IllegalArgumentException("an edge's secret has 1 to " + MOST_BYTES + " bytes, not " + this.secret.length);
        }
    }

    /** The bytes that a connection begins with. */
    ByteBuf header() {
        int length = ADDRESSES.length + 3 + secret.length;
        return Unpooled.buffer(HEAD.length + 2 + length).writeBytes(HEAD).writeShort(length).writeBytes(ADDRESSES).writeByte(FIELD).writeShort(secret.length).writeBytes(secret);
    }

    /** Whether a header is one of an edge that knows the secret. Takes as long for a wrong one. */
    boolean isIn(HAProxyMessage header) {
        for (HAProxyTLV field : header.tlvs()) {
            if (field.typeByteValue() == FIELD) {
                byte[] shown = new byte[field.content().readableBytes()];
                field.content().getBytes(field.content().readerIndex(), shown);
                return MessageDigest.isEqual(secret, shown);
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "***";
    }
}
