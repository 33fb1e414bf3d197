package dev.banyan.drill;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Secret;
import java.net.InetAddress;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** A database's address as applications have it, turned into what the JDBC driver takes. */
public final class PostgresUrl {
    private static final Pattern FORM = Pattern.compile("postgres(?:ql)?://(?:([^:@/]*)(?::([^@/]*))?@)?([^/?]+)(/[^?]*)?(\\?.*)?");
    /** Fewer letters than this are no sentence. */
    private static final int A_REASON = 10;
    private static final int CONNECT_SECONDS = 10;

    private PostgresUrl() {}

    /**
     * @param option which option it came from, for messages; the URL itself is not shown, for it may hold a password
     * @param allowRemote why a database on another machine may be used
     * @throws BanyanException USAGE, when it is no such URL, or one of its hosts is not this machine and nobody said why that is right
     */
    public static Properties of(Secret url, String option, Optional<String> allowRemote) {
        Properties properties = url.reveal().startsWith("jdbc:postgresql:") ? Driver.parseURL(url.reveal(), new Properties()) : read(url.reveal());
        if (properties == null) {
            throw new BanyanException(ErrorCode.USAGE, option + " is postgresql://USER:PASSWORD@HOST:PORT/DATABASE or jdbc:postgresql://HOST:PORT/DATABASE?user=USER");
        }
        if (allowRemote.map(String::strip).orElse("").length() < A_REASON) {
            for (String host : PGProperty.PG_HOST.getOrDefault(properties).split(",")) {
                mustBeHere(host, option);
            }
        }
        return properties;
    }

    /**
     * Opens a connection.
     *
     * @param name what the server is to show as the client's name
     * @param socket how long an answer may take before the connection is given up
     */
    public static Connection connect(Properties to, String name, Duration socket) throws SQLException {
        Properties all = new Properties();
        all.putAll(to);
        PGProperty.APPLICATION_NAME.set(all, name);
        PGProperty.CONNECT_TIMEOUT.set(all, (int) Math.min(CONNECT_SECONDS, Math.max(1, socket.toSeconds())));
        PGProperty.SOCKET_TIMEOUT.set(all, (int) Math.max(1, socket.toSeconds()));
        return new Driver().connect("jdbc:postgresql://" + hosts(all) + "/" + PGProperty.PG_DBNAME.getOrDefault(all), all);
    }

    private static String hosts(Properties of) {
        String[] hosts = PGProperty.PG_HOST.getOrDefault(of).split(",");
        String[] ports = PGProperty.PG_PORT.getOrDefault(of).split(",");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < hosts.length; i++) {
            text.append(i == 0 ? "" : ",").append(hosts[i]).append(':').append(ports[Math.min(i, ports.length - 1)]);
        }
        return text.toString();
    }

    /** What the driver takes; null when the text has not the form. */
    private static Properties read(String url) {
        Matcher form = FORM.matcher(url);
        if (!form.matches()) {
            return null;
        }
        String rest = form.group(4) == null ? "/" : form.group(4);
        Properties properties = Driver.parseURL("jdbc:postgresql://" + form.group(3) + rest + (form.group(5) == null ? "" : form.group(5)), new Properties());
        if (properties != null && form.group(1) != null) {
            PGProperty.USER.set(properties, decoded(form.group(1)));
        }
        if (properties != null && form.group(2) != null) {
            PGProperty.PASSWORD.set(properties, decoded(form.group(2)));
        }
        return properties;
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static void mustBeHere(String host, String option) {
        try {
            if (!InetAddress.getByName(host).isLoopbackAddress()) {
                throw new BanyanException(ErrorCode.USAGE, option + ": " + host + " is not this machine. The check writes a table and keeps the database busy: say why that is"
                        + " right there, in a sentence, with --allow-remote 'WHY'");
            }
        } catch (UnknownHostException e) {
            throw new BanyanException(ErrorCode.USAGE, option + ": the host '" + host + "' is unknown; check its spelling and this machine's DNS", e);
        }
    }
}
