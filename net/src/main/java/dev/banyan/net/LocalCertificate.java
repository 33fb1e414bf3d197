package dev.banyan.net;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A certificate that vouches for itself (RFC 5280), for the names this machine has for itself: TLS on a laptop without a certificate
 * authority. Good for a year, made anew in its last month.
 */
public final class LocalCertificate {
    private static final Duration LIFE = Duration.ofDays(365);
    private static final Duration NEAR_ITS_END = Duration.ofDays(30);
    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final byte[] ECDSA_SHA256 = Der.sequence(Der.oid(1, 2, 840, 10045, 4, 3, 2));
    private static final byte[] COMMON_NAME = Der.oid(2, 5, 4, 3);

    private LocalCertificate() {}

    /** A certificate and its key as PEM, and ready to use. */
    public record Made(Identity identity, String certificatePem, String keyPem) {}

    /**
     * The one that is kept in a folder ({@code front-door.crt}, and {@code front-door.key} that only its owner can read), made first where
     * there is none, its end is near, or the two are no pair, as a start that was killed between writing them leaves them.
     *
     * @param door its section of the site file, as {@code front-door}
     */
    public static Identity in(String door, Path folder, Instant now) {
        Path certificate = folder.resolve(door.replace('.', '-') + ".crt");
        Path key = folder.resolve(door.replace('.', '-') + ".key");
        Optional<Identity> kept = kept(door, certificate, key).filter(pair -> pair.ends().isAfter(now.plus(NEAR_ITS_END)));
        if (kept.isPresent()) {
            return kept.get();
        }
        Made made = make(now);
        try {
            Files.createDirectories(folder);
            write(key, made.keyPem(), "rw-------");
            write(certificate, made.certificatePem(), "rw-r--r--");
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "the certificate of " + door + " cannot be kept in " + folder + " (" + e + "); make the folder writable, or name files with " + door + ".tls.certificate and .key", e);
        }
        return made.identity();
    }

    private static Optional<Identity> kept(String door, Path certificate, Path key) {
        if (!Files.exists(certificate) || !Files.exists(key)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Identity.read(door, certificate, key));
        } catch (BanyanException noPair) {
            return Optional.empty(); // nobody else gave them: nothing is lost with them but a fingerprint
        }
    }

    private static void write(Path file, String text, String permissions) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
        Files.writeString(fresh, text, StandardCharsets.US_ASCII);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    public static Made make(Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            byte[] der = signed(body(pair, now), pair);
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            return new Made(new Identity(pair.getPrivate(), List.of(certificate)), pem("CERTIFICATE", der), pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot make an EC certificate", e);
        }
    }

    private static byte[] signed(byte[] body, KeyPair pair) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(body);
        return Der.sequence(body, ECDSA_SHA256, Der.bits(signature.sign(), 0));
    }

    private static byte[] body(KeyPair pair, Instant now) throws GeneralSecurityException {
        byte[] publicKey = pair.getPublic().getEncoded();
        byte[] serial = MessageDigest.getInstance("SHA-256").digest(publicKey);
        byte[] name = Der.sequence(Der.set(Der.sequence(COMMON_NAME, Der.utf8("Banyan (self-signed)"))));
        return Der.sequence(
                Der.element(0xa0, Der.integer(2)),
                Der.integer(new BigInteger(1, serial, 0, 16)),
                ECDSA_SHA256,
                name,
                Der.sequence(Der.time(TIME.format(now.minus(CLOCKS_DIFFER))), Der.time(TIME.format(now.plus(LIFE)))),
                name,
                publicKey,
                Der.element(0xa3, Der.sequence(
                        extension(19, true, Der.sequence()),
                        extension(15, true, Der.bits(new byte[] {(byte) 0x80}, 7)), // digitalSignature
                        extension(37, false, Der.sequence(Der.oid(1, 3, 6, 1, 5, 5, 7, 3, 1))), // serverAuth
                        extension(17, false, Der.sequence(names().toArray(byte[][]::new))))));
    }

    private static byte[] extension(int id, boolean critical, byte[] value) {
        byte[] oid = Der.oid(2, 5, 29, id);
        return critical ? Der.sequence(oid, Der.bool(true), Der.octets(value)) : Der.sequence(oid, Der.octets(value));
    }

    private static List<byte[]> names() {
        List<byte[]> names = new ArrayList<>();
        names.add(dns("localhost"));
        names.add(dns("*.localhost"));
        try {
            String host = InetAddress.getLocalHost().getHostName();
            if (host.matches("[A-Za-z0-9.-]{1,253}") && !host.equals("localhost")) {
                names.add(dns(host));
            }
        } catch (UnknownHostException nameless) {
            // the loopback's names must do
        }
        names.add(Der.element(0x87, new byte[] {127, 0, 0, 1}));
        byte[] loopback6 = new byte[16];
        loopback6[15] = 1;
        names.add(Der.element(0x87, loopback6));
        return names;
    }

    private static byte[] dns(String name) {
        return Der.element(0x82, name.getBytes(StandardCharsets.US_ASCII));
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }
}
