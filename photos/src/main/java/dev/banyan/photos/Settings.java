package dev.banyan.photos;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What the environment says. {@code PORT} (3000), {@code HOST} (the address to listen on; all when absent), {@code JDBC_DATABASE_URL} or {@code DATABASE_URL}, {@code REDIS_URL} (no cache when absent), {@code BANYAN_INSTANCE}
 * (host:port), {@code DB_POOL} (10 connections), {@code DB_WAIT_SECONDS} (30) and {@code PASSWORD_ROUNDS} (210000).
 */
public record Settings(
        int port, Optional<String> host, String instance, String jdbcUrl, Optional<Login> login, Optional<RedisAddress> redis, int pool, Duration databaseWait, int passwordRounds) {

    /** The database user, when the URL carries one in its authority. */
    public record Login(String user, String password) {
        @Override
        public String toString() {
            return "Login[user=" + user + ", password=***]";
        }
    }

    /**
     * Reads the variables.
     *
     * @throws IllegalArgumentException naming the variable that is missing or wrong, never showing a password
     */
    public static Settings from(Map<String, String> environment) {
        int port = number(environment, "PORT", 3000, 0, 65535);
        String jdbc = environment.get("JDBC_DATABASE_URL");
        Optional<Login> login = Optional.empty();
        if (jdbc == null || jdbc.isBlank()) {
            URI url = databaseUrl(environment.get("DATABASE_URL"));
            jdbc = jdbcUrl(url);
            login = login(url);
        } else if (!jdbc.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("JDBC_DATABASE_URL must start with jdbc:postgresql:");
        }
        String instance = environment.getOrDefault("BANYAN_INSTANCE", "");
        Optional<String> host = Optional.ofNullable(environment.get("HOST")).filter(value -> !value.isBlank());
        return new Settings(port, host, instance.isBlank() ? hostName() + ":" + port : headerSafe(instance), jdbc, login,
                Optional.ofNullable(environment.get("REDIS_URL")).filter(value -> !value.isBlank()).map(RedisAddress::of),
                number(environment, "DB_POOL", 10, 1, 1000),
                Duration.ofSeconds(number(environment, "DB_WAIT_SECONDS", 30, 0, 3600)),
                number(environment, "PASSWORD_ROUNDS", 210_000, 1_000, 10_000_000));
    }

    private static URI databaseUrl(String value) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("no database: set JDBC_DATABASE_URL (jdbc:postgresql://host:5432/name?user=..)"
                    + " or DATABASE_URL (postgres://user:password@host:5432/name)");
        }
        try {
            URI url = URI.create(value);
            boolean postgres = "postgres".equals(url.getScheme()) || "postgresql".equals(url.getScheme());
            if (postgres && url.getHost() != null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // The message of a URI problem holds the whole URL, its password too: say it in our own words below.
        }
        throw new IllegalArgumentException("DATABASE_URL must look like postgres://user:password@host:5432/name"
                + " (special characters in the password as %XX)");
    }

    private static String jdbcUrl(URI url) {
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return "jdbc:postgresql://" + url.getHost() + port + path + query;
    }

    private static Optional<Login> login(URI url) {
        String info = url.getRawUserInfo();
        if (info == null) {
            return Optional.empty();
        }
        int colon = info.indexOf(':');
        String user = colon < 0 ? info : info.substring(0, colon);
        String password = colon < 0 ? "" : info.substring(colon + 1);
        return Optional.of(new Login(percentDecoded(user), percentDecoded(password)));
    }

    private static String percentDecoded(String raw) {
        return URI.create("x:/" + raw).getPath().substring(1);
    }

    private static int number(Map<String, String> environment, String name, int otherwise, int least, int most) {
        String value = environment.get(name);
        if (value == null || value.isBlank()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Falls through to the one message for both mistakes.
        }
        throw new IllegalArgumentException(name + " must be a number from " + least + " to " + most + ", not '" + value + "'");
    }

    private static String headerSafe(String name) {
        return name.strip().replaceAll("[^!-~]", "_");
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
