package dev.banyan.console;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import dev.banyan.net.Clock;
import dev.banyan.net.FileWatch;
import dev.banyan.net.Identity;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Console;
import dev.banyan.topology.Decision;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * TLS 1.3 and 1.2 with forward secrecy and authenticated ciphers only, for the console. Files that are renewed on disk are used for the
 * next connections; those that cannot be used change nothing, which is said once. Safe for any thread.
 */
public final class ConsoleTls implements AutoCloseable {
    private static final String ALIAS = "console";
    private static final int DNS_NAME = 2;
    private static final int ADDRESS = 7;

    private final Console.Tls at;
    private final Clock clock;
    private final Consumer<Decision> decisions;
    private final FileWatch.Watching watching;
    private volatile Identity identity;
    private volatile Runnable renewed = () -> {};
    /** Owned by the watch's thread. */
    private String lastFault = "";

    private ConsoleTls(Console.Tls at, Path folder, FileWatch files, Clock clock, Consumer<Decision> decisions) {
        this.at = at;
        this.clock = clock;
        this.decisions = decisions;
        List<Path> watched = Stream.concat(at.certificate().stream(), at.key().stream()).toList();
        this.watching = watched.isEmpty() ? () -> {} : files.watch(watched, this::renew);
        this.identity = Identity.of("console", at.certificate(), at.key(), Optional.of(folder), clock.now());
    }

    /**
     * @param folder where a certificate is kept that is made here, for want of files
     * @param decisions hears when renewed files are used, or cannot be
     * @throws BanyanException BAD_SITE_FILE when the files cannot be used, DISK when none can be made
     */
    public static ConsoleTls of(Console.Tls at, Path folder, FileWatch files, Clock clock, Consumer<Decision> decisions) {
        return new ConsoleTls(at, folder, files, clock, decisions);
    }

    /** The SHA-256 of the certificate in use, in hexadecimal digits. */
    public String fingerprint() {
        return identity.fingerprint();
    }

    /** When the certificate in use ends. */
    public Instant ends() {
        return identity.ends();
    }

    /** Who is told that another certificate is in use, on a thread that may block. */
    public void onRenewal(Runnable listener) {
        renewed = listener;
    }

    @Override
    public void close() {
        watching.close();
    }

    private void renew() {
        try {
            identity = Identity.of("console", at.certificate(), at.key(), Optional.empty(), clock.now());
            lastFault = "";
            renewed.run();
            decisions.accept(new Decision("use the console's certificate", "its files have changed", "it ends at " + ends(), clock.now()));
        } catch (BanyanException e) {
            if (!e.getMessage().equals(lastFault)) {
                lastFault = e.getMessage();
                decisions.accept(new Decision("keep the console's certificate", "its files have changed and cannot be used: " + lastFault, "the former one goes on", clock.now()));
            }
        }
    }

    /** Whether the certificate vouches for a name or address: no other site's page can come by it then. */
    boolean vouchesFor(String host) {
        try {
            Collection<List<?>> names = Optional.ofNullable(identity.chain().getFirst().getSubjectAlternativeNames()).orElse(List.of());
            return names.stream().anyMatch(name -> switch ((Integer) name.get(0)) {
                case DNS_NAME -> matches(name.get(1).toString().toLowerCase(Locale.ROOT), host);
                case ADDRESS -> name.get(1).toString().equals(host);
                default -> false;
            });
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    /** A leading star stands for one label (RFC 9525, section 6.3). */
    private static boolean matches(String name, String host) {
        int dot = host.indexOf('.');
        return name.startsWith("*.") ? dot > 0 && host.substring(dot).equals(name.substring(1)) : name.equals(host);
    }

    HttpsConfigurator configurator() {
        SSLContext context = context();
        SSLParameters parameters = context.getDefaultSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        parameters.setCipherSuites(Arrays.stream(context.getSupportedSSLParameters().getCipherSuites()).filter(ConsoleTls::isStrong).toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        return new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters wanted) {
                wanted.setSSLParameters(parameters);
            }
        };
    }

    private static boolean isStrong(String suite) {
        boolean forward = suite.startsWith("TLS_AES_") || suite.startsWith("TLS_CHACHA20_") || suite.startsWith("TLS_ECDHE_");
        return forward && (suite.contains("_GCM_") || suite.contains("_CHACHA20_"));
    }

    private SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new Current()}, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    /** Shows whichever certificate is in use now. */
    private final class Current extends X509ExtendedKeyManager {
        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return keyType.startsWith(identity.key().getAlgorithm()) ? ALIAS : null;
        }

        @Override
        public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return chooseServerAlias(keyType, issuers, null);
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return identity.chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return identity.key();
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            return null;
        }
    }
}
