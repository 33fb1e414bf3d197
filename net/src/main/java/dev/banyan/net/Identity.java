package dev.banyan.net;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Who a door is to TLS clients: a private key and the certificates that vouch for it, its own first. Every error is a {@link
 * BanyanException} of BAD_SITE_FILE that names the file and the site file's key.
 */
public record Identity(PrivateKey key, List<X509Certificate> chain) {
    private static final byte[] PROOF = "the key fits".getBytes(StandardCharsets.US_ASCII);

    public Identity {
        chain = List.copyOf(chain);
    }

    /**
     * The files of the site file, or a certificate made here.
     *
     * @param door its section of the site file, as {@code front-door}; its keys are {@code front-door.tls.certificate} and {@code .key}
     * @param folder where one made here is kept; without a folder it lasts as long as this process
     */
    public static Identity of(String door, Optional<Path> certificate, Optional<Path> key, Optional<Path> folder, Instant now) {
        if (certificate.isPresent() && key.isPresent()) {
            return read(door, certificate.get(), key.get());
        }
        return folder.map(in -> LocalCertificate.in(door, in, now)).orElseGet(() -> LocalCertificate.make(now).identity());
    }

    /** Reads a chain and its key from PEM files. */
    public static Identity read(String door, Path certificate, Path key) {
        return readAt(door + ".tls", certificate, key);
    }

    /**
     * The same, named by the section of the site file that the two stand in.
     *
     * @param section its keys are {@code section.certificate} and {@code section.key}
     */
    public static Identity readAt(String section, Path certificate, Path key) {
        String certificateKey = section + ".certificate";
        String keyKey = section + ".key";
        List<X509Certificate> chain = readChain(certificateKey, certificate);
        PrivateKey secret;
        try {
            secret = PemKey.of(text(keyKey, key));
        } catch (GeneralSecurityException e) {
            throw fault(keyKey, key, e.getMessage());
        }
        if (!fits(secret, chain.getFirst())) {
            throw fault(keyKey, key, "it is not the key of the first certificate in " + certificate + "; give the two that were issued together");
        }
        return new Identity(secret, chain);
    }

    /** The SHA-256 of its own certificate (DER) in hexadecimal digits, by which others can know it. */
    public String fingerprint() {
        return fingerprint(chain.getFirst());
    }

    /** The SHA-256 of a certificate (DER) in hexadecimal digits. */
    public static String fingerprint(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256, and a certificate that was read can be written", e);
        }
    }

    /** When the first of its certificates ends. */
    public Instant ends() {
        return chain.stream().map(each -> each.getNotAfter().toInstant()).min(Instant::compareTo).orElseThrow();
    }

    private static List<X509Certificate> readChain(String siteKey, Path file) {
        try {
            List<X509Certificate> chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(text(siteKey, file).getBytes(StandardCharsets.US_ASCII)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (chain.isEmpty()) {
                throw fault(siteKey, file, "it holds no certificate; give a PEM file, the door's own certificate first");
            }
            return chain;
        } catch (GeneralSecurityException e) {
            throw fault(siteKey, file, "it cannot be read as PEM certificates (" + e.getMessage() + ")");
        }
    }

    private static String text(String siteKey, Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw fault(siteKey, file, "there is no such file; correct the path, or leave certificate and key out to have one made for localhost");
        } catch (IOException e) {
            throw fault(siteKey, file, "it cannot be read (" + e + ")");
        }
    }

    private static BanyanException fault(String siteKey, Path file, String what) {
        return new BanyanException(ErrorCode.BAD_SITE_FILE, siteKey + " " + file + ": " + what);
    }

    /** Whether what the key signs is what the certificate vouches for. */
    private static boolean fits(PrivateKey key, X509Certificate certificate) {
        try {
            Signature signature = Signature.getInstance(key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
            signature.initSign(key);
            signature.update(PROOF);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(PROOF);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false; // keys of two kinds
        }
    }
}
