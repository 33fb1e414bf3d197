package dev.banyan.cli;

import dev.banyan.net.Identity;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Which console is the right one: what the system trusts, what a file of authorities does, or the one with a certificate that is known beforehand. */
record ConsoleTrust(Optional<SSLContext> tls) {
    /** Whom the system trusts. */
    static final ConsoleTrust SYSTEM = new ConsoleTrust(Optional.empty());

    /**
     * The one with this certificate, whatever its name and whoever vouches for it.
     *
     * @param fingerprint its SHA-256 in hexadecimal digits, with or without colons
     */
    static ConsoleTrust pinned(String fingerprint) {
        String digits = fingerprint.replace(":", "").toLowerCase(Locale.ROOT);
        if (!digits.matches("[0-9a-f]{64}")) {
            throw new BanyanException(ErrorCode.USAGE, "a certificate's fingerprint is 64 hexadecimal digits, its SHA-256, not '" + fingerprint + "'; 'banyan up' prints the console's");
        }
        return of(new Pinned(digits));
    }

    /** Those that certificates of a PEM file vouch for, by name: an authority's, or the console's own. */
    static ConsoleTrust authorities(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry(Integer.toString(number++), each);
            }
            if (number == 0) {
                throw new BanyanException(ErrorCode.USAGE, "--ca " + file + " holds no certificate; give a PEM file");
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            return of(trust.getTrustManagers());
        } catch (IOException | GeneralSecurityException e) {
            throw new BanyanException(ErrorCode.USAGE, "--ca " + file + " cannot be read as PEM certificates: " + e.getMessage(), e);
        }
    }

    private static ConsoleTrust of(TrustManager... managers) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers, null);
            return new ConsoleTrust(Optional.of(context));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    /** An extended one is asked about names too, and has no opinion on them. */
    private static final class Pinned extends X509ExtendedTrustManager {
        private final byte[] fingerprint;

        Pinned(String fingerprint) {
            this.fingerprint = fingerprint.getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
            String shown = Identity.fingerprint(chain[0]);
            if (!MessageDigest.isEqual(fingerprint, shown.getBytes(StandardCharsets.US_ASCII))) {
                throw new CertificateException("its certificate is another than the one it is known by: SHA-256 " + shown);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) throws CertificateException {
            checkServerTrusted(chain, kind);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) throws CertificateException {
            checkServerTrusted(chain, kind);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
            throw new CertificateException("there are no clients here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) throws CertificateException {
            checkClientTrusted(chain, kind);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) throws CertificateException {
            checkClientTrusted(chain, kind);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
