package dev.banyan.engines;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * PostgreSQL servers that run already, named by a URL in libpq's form (PostgreSQL's manual, 32.1.1.2):
 * {@code postgresql://user:password@host:port,host:port/name?parameter=value}. No message ever shows any part of a URL that might be the password.
 */
public final class AttachedDatabase {
    private static final int DEFAULT_PORT = 5432;
    private static final String FORM = "; it is written postgresql://USER:PASSWORD@HOST:PORT/NAME, with commas between several HOST:PORT and special characters of each part as %XX";

    private AttachedDatabase() {}

    /** The servers that the URL names, in its order, each with the same user, password, database and parameters; or BAD_SITE_FILE. */
    public static List<DatabaseEndpoint> endpoints(Secret url) {
        String text = url.reveal().strip();
        int scheme = text.indexOf("://");
        if (scheme < 0 || !(text.startsWith("postgresql://") || text.startsWith("postgres://"))) {
            throw bad("does not begin with postgresql://");
        }
        String rest = text.substring(scheme + 3);
        int question = rest.indexOf('?');
        String place = question < 0 ? rest : rest.substring(0, question);
        Map<String, String> parameters = question < 0 ? Map.of() : parameters(rest.substring(question + 1));
        int slash = place.indexOf('/');
        String authority = slash < 0 ? place : place.substring(0, slash);
        String name = slash < 0 ? "" : decode(place.substring(slash + 1), "database's name");
        int at = authority.lastIndexOf('@');
        String[] who = at < 0 ? new String[0] : authority.substring(0, at).split(":", 2);
        String user = who.length == 0 ? "" : decode(who[0], "user");
        if (user.isEmpty()) {
            throw bad("names no user");
        }
        String password = who.length < 2 ? "" : decode(who[1], "password");
        return addresses(authority.substring(at + 1)).stream()
                .map(address -> new DatabaseEndpoint(address, user, new Secret(password), name.isEmpty() ? user : name, parameters)).toList();
    }

    private static List<HostPort> addresses(String text) {
        List<HostPort> addresses = Stream.of(text.split(",", -1)).map(AttachedDatabase::address).toList();
        if (Set.copyOf(addresses).size() < addresses.size()) {
            throw bad("names one server twice");
        }
        return addresses;
    }

    private static HostPort address(String text) {
        boolean bracketed = text.startsWith("[");
        int close = text.indexOf(']');
        if (bracketed && close < 0) {
            throw bad("has a '[' before its host and no ']' behind it");
        }
        String afterHost = bracketed ? text.substring(close + 1) : text.substring(colon(text));
        String host = bracketed ? text.substring(1, close) : decode(text.substring(0, colon(text)), "host");
        if (host.isEmpty() || host.startsWith("/")) {
            throw bad("names no host; a socket file cannot be used, only TCP");
        }
        return new HostPort(host, port(afterHost));
    }

    private static int colon(String text) {
        int colon = text.indexOf(':');
        return colon < 0 ? text.length() : colon;
    }

    private static int port(String text) {
        if (text.isEmpty() || text.equals(":")) {
            return DEFAULT_PORT;
        }
        if (!text.matches(":\\d{1,5}") || Integer.parseInt(text.substring(1)) > 65_535 || Integer.parseInt(text.substring(1)) == 0) {
            throw bad("has a port that is not 1 to 65535, or a ':', '/', '?' or '@' that is not written as %XX");
        }
        return Integer.parseInt(text.substring(1));
    }

    private static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String parameter : query.split("&")) {
            String[] parts = parameter.split("=", 2);
            if (parameter.isEmpty()) {
                continue;
            }
            if (parts.length < 2 || parts[0].isEmpty()) {
                throw bad("has a parameter behind '?' that is not NAME=VALUE");
            }
            String name = decode(parts[0], "parameter's name");
            if (name.equals("password") || name.equals("user") || name.equals("host") || name.equals("port") || name.equals("dbname")) {
                throw bad("gives '" + name + "' behind the '?'; it belongs before it");
            }
            parameters.put(name, decode(parts[1], "parameter's value"));
        }
        return parameters;
    }

    private static String decode(String text, String part) {
        try {
            // A plus is a plus here: only HTML forms make it a space.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw bad("has a '%' in its " + part + " that is not followed by two hexadecimal digits");
        }
    }

    private static BanyanException bad(String what) {
        return new BanyanException(ErrorCode.BAD_SITE_FILE, "database.url " + what + FORM);
    }
}
