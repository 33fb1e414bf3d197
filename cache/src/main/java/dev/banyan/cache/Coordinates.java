package dev.banyan.cache;

import dev.banyan.topology.Secret;
import java.time.Duration;
import java.util.Properties;

/**
 * Where the database is, and as whom.
 *
 * @param url {@code jdbc:postgresql://HOST:PORT/NAME}, a PostgreSQL router's or a server's
 * @param connections the most that are open at a time
 */
public record Coordinates(String url, String user, Secret password, int connections) {
    /** Enough to fill a cache, few enough to leave the database to others. */
    public static final int USUAL_CONNECTIONS = 16;

    public Coordinates(String url, String user, Secret password) {
        this(url, user, password, USUAL_CONNECTIONS);
    }

    /** pgjdbc's connection properties. */
    Properties properties(Duration answer) {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password.reveal());
        properties.setProperty("ApplicationName", "banyan cache");
        properties.setProperty("stringtype", "unspecified"); // the server finds the types, as for a literal
        String seconds = String.valueOf(Math.max(1, (answer.toMillis() + 999) / 1000));
        properties.setProperty("connectTimeout", seconds);
        properties.setProperty("loginTimeout", seconds);
        properties.setProperty("socketTimeout", seconds);
        return properties;
    }

    @Override
    public String toString() {
        return url + " as " + user;
    }
}
