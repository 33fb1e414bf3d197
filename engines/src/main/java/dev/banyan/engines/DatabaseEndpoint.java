package dev.banyan.engines;

import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Where a PostgreSQL answers and as whom to ask, whether Banyan runs it or not.
 *
 * @param password empty when the server asks for none
 * @param parameters libpq's connection parameters, as {@code sslmode}, in the order given
 */
public record DatabaseEndpoint(HostPort address, String user, Secret password, String database, Map<String, String> parameters) {
    /** libpq's name for a parameter, and pgjdbc's where it differs. */
    private static final Map<String, String> JDBC_NAMES = Map.of(
            "application_name", "ApplicationName", "connect_timeout", "connectTimeout", "channel_binding", "channelBinding",
            "target_session_attrs", "targetServerType");

    public DatabaseEndpoint {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /** As most drivers take it: {@code postgresql://user:password@host:port/name}. */
    public Secret url() {
        String who = encode(user) + (password.reveal().isEmpty() ? "" : ":" + encode(password.reveal()));
        return new Secret("postgresql://" + who + "@" + address + "/" + encode(database) + query(parameters));
    }

    /** As pgjdbc takes it. */
    public Secret jdbcUrl() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("user", user);
        if (!password.reveal().isEmpty()) {
            all.put("password", password.reveal());
        }
        all.putAll(jdbcParameters());
        return new Secret("jdbc:postgresql://" + address + "/" + encode(database) + query(all));
    }

    /** The parameters by pgjdbc's names. */
    public Map<String, String> jdbcParameters() {
        Map<String, String> all = new LinkedHashMap<>();
        parameters.forEach((name, value) -> all.put(JDBC_NAMES.getOrDefault(name, name), value));
        return all;
    }

    /** What an application is given; the PG variables are those of libpq, which most drivers and {@code psql} read. */
    public Map<String, Secret> variables() {
        Map<String, Secret> variables = new LinkedHashMap<>();
        variables.put("DATABASE_URL", url());
        variables.put("JDBC_DATABASE_URL", jdbcUrl());
        variables.put("PGHOST", new Secret(address.host()));
        variables.put("PGPORT", new Secret(Integer.toString(address.port())));
        variables.put("PGUSER", new Secret(user));
        variables.put("PGDATABASE", new Secret(database));
        if (!password.reveal().isEmpty()) {
            variables.put("PGPASSWORD", password);
        }
        if (parameters.containsKey("sslmode")) {
            variables.put("PGSSLMODE", new Secret(parameters.get("sslmode")));
        }
        return variables;
    }

    private static String query(Map<String, String> parameters) {
        return parameters.isEmpty() ? "" : parameters.entrySet().stream()
                .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue()))
                .collect(Collectors.joining("&", "?", ""));
    }

    /** Percent-encoding, where a space is %20 and not the plus of HTML forms. */
    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("%7E", "~");
    }

    @Override
    public String toString() {
        return "postgresql://" + encode(user) + "@" + address + "/" + encode(database);
    }
}
