package dev.banyan.net;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a private key, RSA or EC, from PEM text in any of the three forms that are about: PKCS#8, PKCS#1 (RSA) and SEC 1 (EC). */
final class PemKey {
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----\\s+([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final int CONTEXT_0 = 0xa0;
    private static final byte[] RSA = Der.sequence(Der.oid(1, 2, 840, 113549, 1, 1, 1), Der.NULL);
    private static final byte[] EC = Der.oid(1, 2, 840, 10045, 2, 1);

    private PemKey() {}

    /** @throws GeneralSecurityException when there is no key in it that we read; its message says what to do and holds nothing of the key */
    static PrivateKey of(String pem) throws GeneralSecurityException {
        Matcher block = BLOCK.matcher(pem);
        if (!block.find()) {
            throw new InvalidKeyException("it holds no private key; give a PEM file with a block BEGIN PRIVATE KEY");
        }
        byte[] der = Base64.getMimeDecoder().decode(block.group(2));
        return switch (block.group(1)) {
            case "PRIVATE KEY" -> decode(der);
            case "RSA PRIVATE KEY" -> decode(Der.sequence(Der.integer(0), RSA, Der.octets(der)));
            case "EC PRIVATE KEY" -> decode(Der.sequence(Der.integer(0), Der.sequence(EC, curve(der)), Der.octets(der)));
            default -> throw new InvalidKeyException("the key is encrypted or of an unknown kind; write it plainly with: openssl pkey -in KEY -out PLAIN_KEY");
        };
    }

    private static PrivateKey decode(byte[] pkcs8) throws GeneralSecurityException {
        for (String algorithm : new String[] {"EC", "RSA"}) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException other) {
                // the next may fit
            }
        }
        throw new InvalidKeyException("the key is neither RSA nor EC, or damaged; give one of these, which all TLS clients know");
    }

    /** The curve's name in {@code SEQUENCE { version, key, [0] curve, [1] public key }} (RFC 5915). */
    private static byte[] curve(byte[] sec1) throws GeneralSecurityException {
        try {
            Der.Reader fields = new Der.Reader(sec1).enter();
            while (fields.more()) {
                if (fields.tag() == CONTEXT_0) {
                    return fields.content();
                }
                fields.skip();
            }
        } catch (IndexOutOfBoundsException damaged) {
            // falls through to the same advice
        }
        throw new InvalidKeyException("the EC key names no curve; write it anew with: openssl pkey -in KEY -out NEW_KEY");
    }
}
