package dev.banyan.resp;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where nodes that run already are: {@code cache.url}.
 * <ul>
 *   <li>{@code redis://USER:PASSWORD@HOST:PORT,HOST:PORT/DATABASE}: one node, or several on a ring of hashes;
 *   <li>{@code redis-cluster://HOST:PORT,...}: some nodes of a Redis Cluster, which name the others;
 *   <li>{@code redis-sentinel://HOST:PORT,.../NAME?db=DATABASE}: Sentinels, and the name by which they know the primary.
 * </ul>
 * With {@code rediss} instead of {@code redis} connections are by TLS; {@code sslrootcert} and {@code sslmode} say whom to trust ({@link NodeTls}).
 *
 * @param user empty is the default one
 * @param password empty where none is needed
 * @param database the index that commands mean until they select another
 * @param primaryName what Sentinels call the primary; of SENTINEL only
 * @param tls empty without
 */
public record NodesUrl(
        Kind kind, List<HostPort> hosts, Optional<String> user, Optional<Secret> password, int database, Optional<String> primaryName, Optional<NodeTls> tls) {
    public enum Kind {
        RING,
        CLUSTER,
        SENTINEL
    }

    private static final int PORT = 6379;
    private static final int SENTINEL_PORT = 26379;
    private static final int MOST_HOSTS = 64;
    private static final int MOST_DATABASE = 65_535;
    private static final String CODES = "; / ? # @ in a user or password are written %2F %3F %23 %40";
    private static final Set<String> PARAMETERS = Set.of("db", "sslmode", "sslrootcert");

    /** The login ends at the last @ before the path, so that a password with an @ in it is known as such. */
    private static final Pattern FORM = Pattern.compile("redis(s)?(-cluster|-sentinel)?://(?:([^/?#]*)@)?([^/?#@]+)(?:/([^?#]*))?(?:\\?([^#]*))?");

    public NodesUrl {
        hosts = List.copyOf(hosts);
    }

    /** @throws BanyanException BAD_SITE_FILE, with a message that shows neither the URL nor its password */
    public static NodesUrl of(Secret url) {
        Matcher form = FORM.matcher(url.reveal());
        if (!form.matches()) {
            throw fault("is redis://USER:PASSWORD@HOST:PORT, rediss:// with TLS, redis-cluster://HOST:PORT or redis-sentinel://HOST:PORT,HOST:PORT/NAME" + CODES);
        }
        if (url.reveal().lastIndexOf('@') > form.end(4)) {
            // What looks like a host is then the beginning of the password: say nothing of it.
            throw fault("has an @ behind its hosts" + CODES);
        }
        Kind kind = form.group(2) == null ? Kind.RING : form.group(2).equals("-cluster") ? Kind.CLUSTER : Kind.SENTINEL;
        Map<String, String> parameters = parameters(form.group(6));
        List<HostPort> hosts = hosts(form.group(4), kind == Kind.SENTINEL ? SENTINEL_PORT : PORT);
        String path = decoded(Optional.ofNullable(form.group(5)).orElse(""), "the path");
        Optional<String> login = Optional.ofNullable(form.group(3));
        return new NodesUrl(kind, hosts, user(login), password(login), database(kind, path, parameters), primaryName(kind, path), tls(form.group(1) != null, parameters));
    }

    /** The nodes of a ring, named by their addresses. */
    public Layout.Ring ring() {
        return new Layout.Ring(hosts.stream().map(ClusterMap::node).toList());
    }

    private static List<HostPort> hosts(String text, int usualPort) {
        List<HostPort> hosts = new ArrayList<>();
        for (String each : text.split(",", -1)) {
            HostPort host = host(each, usualPort);
            if (hosts.contains(host)) {
                throw fault("names " + host + " twice");
            }
            hosts.add(host);
        }
        if (hosts.size() > MOST_HOSTS) {
            throw fault("names " + hosts.size() + " hosts, and " + MOST_HOSTS + " are the most");
        }
        return hosts;
    }

    private static HostPort host(String text, int usualPort) {
        boolean withPort = text.matches(".*[^:]:[0-9]+") && !text.endsWith("]");
        try {
            return HostPort.parse(withPort ? text : text + ":" + usualPort, "");
        } catch (IllegalArgumentException e) {
            throw fault("has a host that is none: HOST, HOST:PORT or [IPV6]:PORT, not '" + text + "'");
        }
    }

    private static Optional<String> user(Optional<String> login) {
        return login.map(text -> decoded(text.split(":", 2)[0], "the user")).filter(user -> !user.isEmpty());
    }

    private static Optional<Secret> password(Optional<String> login) {
        if (login.isEmpty()) {
            return Optional.empty();
        }
        String[] parts = login.get().split(":", 2);
        if (parts.length < 2 || parts[1].isEmpty()) {
            throw fault("has a login without a password; a password alone is written redis://:PASSWORD@HOST");
        }
        return Optional.of(new Secret(decoded(parts[1], "the password")));
    }

    private static int database(Kind kind, String path, Map<String, String> parameters) {
        String text = kind == Kind.SENTINEL || path.isEmpty() ? parameters.getOrDefault("db", "0") : path;
        if (kind != Kind.SENTINEL && !path.isEmpty() && parameters.containsKey("db")) {
            throw fault("names the database twice: behind the / and by db=");
        }
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > MOST_DATABASE) {
            throw fault("has a database that is no number from 0 to " + MOST_DATABASE + ": '" + text + "'");
        }
        if (kind == Kind.CLUSTER && Integer.parseInt(text) != 0) {
            throw fault("asks for database " + text + ", but a Redis Cluster has only 0");
        }
        return Integer.parseInt(text);
    }

    private static Optional<String> primaryName(Kind kind, String path) {
        if (kind != Kind.SENTINEL) {
            return Optional.empty();
        }
        if (!path.matches("[A-Za-z0-9._-]{1,100}")) { // what Sentinel itself takes
            throw fault("needs the name by which the Sentinels know the primary: redis-sentinel://HOST:PORT/NAME, of letters, digits and ._-");
        }
        return Optional.of(path);
    }

    private static Optional<NodeTls> tls(boolean wanted, Map<String, String> parameters) {
        if (wanted) {
            return Optional.of(NodeTls.of(parameters));
        }
        if (parameters.containsKey("sslmode") || parameters.containsKey("sslrootcert")) {
            throw fault("says whom to trust (sslmode, sslrootcert), but is without TLS: begin it with rediss");
        }
        return Optional.empty();
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (query == null || query.isEmpty()) {
            return parameters;
        }
        for (String each : query.split("&")) {
            String[] parts = each.split("=", 2);
            if (!PARAMETERS.contains(parts[0])) {
                throw fault("has a parameter that is none; there are db, sslmode and sslrootcert");
            }
            if (parts.length < 2 || parameters.put(parts[0], decoded(parts[1], parts[0])) != null) {
                throw fault("has " + parts[0] + (parts.length < 2 ? " without a value" : " twice"));
            }
        }
        return parameters;
    }

    private static String decoded(String text, String what) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw fault("has a % in " + what + " that two hexadecimal digits do not follow; a % itself is written %25");
        }
    }

    static BanyanException fault(String what) {
        return new BanyanException(ErrorCode.BAD_SITE_FILE, "cache.url " + what);
    }
}
