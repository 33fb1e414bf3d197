package dev.banyan.postgres.wire;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ties a login to the TLS connection it goes through: the hash of the server's certificate (RFC 5929 section 4). */
final class ChannelBinding {
    static final String TYPE = "tls-server-end-point";
    private static final Pattern HASHED = Pattern.compile("(MD5|SHA-?[0-9]+)WITH.*");

    private ChannelBinding() {}

    /** Empty where the certificate's signature names no hash, which leaves the binding undefined. */
    static Optional<byte[]> endPoint(X509Certificate certificate) {
        Matcher algorithm = HASHED.matcher(certificate.getSigAlgName().toUpperCase(Locale.ROOT));
        if (!algorithm.matches()) {
            return Optional.empty();
        }
        String hash = switch (algorithm.group(1).replace("-", "")) {
            case "SHA224" -> "SHA-224";
            case "SHA384" -> "SHA-384";
            case "SHA512" -> "SHA-512";
            default -> "SHA-256"; // stands for MD5 and SHA-1 too
        };
        try {
            return Optional.of(Passwords.digest(hash, certificate.getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read cannot be written", e);
        }
    }
}
