package dev.banyan.http;

import dev.banyan.net.Identity;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.stream.IntStream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/** Chooses a certificate by the name that a client asks for, when a handshake wants one; an alias is its index. Safe for any thread. */
final class SniKeys extends X509ExtendedKeyManager {
    private final Certificates certificates;

    SniKeys(Certificates certificates) {
        this.certificates = certificates;
    }

    /** Null when the certificate's key is of another kind than is asked for; then the handshake goes on with the next kind that the client takes. */
    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        int index = certificates.index(name(engine));
        return fits(keyType, certificates.all().get(index)) ? Integer.toString(index) : null;
    }

    private static String name(SSLEngine engine) {
        if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
            for (SNIServerName asked : session.getRequestedServerNames()) {
                if (asked instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return "";
    }

    private static boolean fits(String keyType, Identity identity) {
        String algorithm = identity.key().getAlgorithm();
        return keyType.equals(algorithm) || keyType.startsWith(algorithm + "_");
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return certificates.all().get(Integer.parseInt(alias)).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return certificates.all().get(Integer.parseInt(alias)).key();
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return IntStream.range(0, certificates.all().size()).filter(i -> fits(keyType, certificates.all().get(i))).mapToObj(Integer::toString).toArray(String[]::new);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return null; // there are engines only
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return null; // a door is no client
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return null;
    }
}
