package dev.banyan.postgres;

import dev.banyan.postgres.sql.ClientEncoding;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a session has set, or a server connection has been set to: for each run-time setting that differs from the server's default the
 * statement that sets it. Immutable, so that "has it what I want?" is mostly one comparison of references.
 */
final class SessionSettings {
    static final SessionSettings NONE = new SessionSettings(new TreeMap<>());
    private static final String ROLE = "role";
    private static final String AUTHORIZATION = "session_authorization";

    /** The last literal, or what stands behind TO without quotes. */
    private static final Pattern NAME_VALUE = Pattern.compile("(?:'|TO (?!'))((?:[^'\\\\]|\\\\.|'')*)'?(?:,false\\))?\\s*$");

    private final TreeMap<String, String> statements;
    private final int hash;
    private final boolean standardStrings;
    private final boolean readable;

    private SessionSettings(TreeMap<String, String> statements) {
        this.statements = statements;
        this.hash = statements.hashCode();
        this.readable = isReadable(statements.getOrDefault("client_encoding", ""));
        String strings = statements.getOrDefault("standard_conforming_strings", "on").toLowerCase(java.util.Locale.ROOT);
        this.standardStrings = !strings.contains("off") && !strings.contains("false") && !strings.contains("'no'") && !strings.contains("0");
    }

    /** As a start-up packet asks for them: values as they are, not as SQL. */
    static SessionSettings ofStartUp(Map<String, String> values) {
        if (values.isEmpty()) {
            return NONE;
        }
        TreeMap<String, String> statements = new TreeMap<>();
        values.forEach((name, value) -> statements.put(name, "SELECT pg_catalog.set_config(" + literal(name) + "," + literal(value) + ",false)"));
        return new SessionSettings(statements);
    }

    /** Whether none of the words of the statement that sets client_encoding is the name of another kind of encoding. */
    private static boolean isReadable(String statement) {
        return Arrays.stream(statement.split("[^A-Za-z0-9_-]+")).allMatch(ClientEncoding::containsAscii);
    }

    /** With one set by SQL. @param value as it stands behind {@code SET name TO} */
    SessionSettings with(String name, String value) {
        return put(name, "SET " + quoted(name) + " TO " + value);
    }

    /** With one as it was when the session began. */
    SessionSettings reset(String name, SessionSettings atStart) {
        String statement = atStart.statements.get(name);
        if (statement != null) {
            return put(name, statement);
        }
        if (!statements.containsKey(name)) {
            return this;
        }
        TreeMap<String, String> fewer = new TreeMap<>(statements);
        fewer.remove(name);
        return fewer.isEmpty() ? NONE : new SessionSettings(fewer);
    }

    /** What the application calls itself, for people to read; empty when it does not. */
    String applicationName() {
        Matcher value = NAME_VALUE.matcher(statements.getOrDefault("application_name", ""));
        return value.find() ? value.group(1).replace("\\'", "'").replace("''", "'") : "";
    }

    /** The search path as it was set; empty when it was not. Statements are planned by it. */
    String searchPath() {
        return statements.getOrDefault("search_path", "");
    }

    /** Whether texts of statements are in an encoding in which every byte below 128 is ASCII: others cannot be read here. */
    boolean isReadable() {
        return readable;
    }

    /** standard_conforming_strings, as far as it was set here. */
    boolean standardStrings() {
        return standardStrings;
    }

    /** How the level was set that transactions begin at; empty when it was not. */
    String isolation() {
        return statements.getOrDefault("default_transaction_isolation", "");
    }

    /** Whether transactions were set to read only by default, or back. */
    boolean readOnlySet() {
        return statements.containsKey("default_transaction_read_only");
    }

    /**
     * The SQL that brings a connection from what it has to this. Whom it acts as comes last when it is set, and first when it is reset: others
     * may be allowed to less.
     */
    String from(SessionSettings has) {
        StringBuilder sql = new StringBuilder();
        for (String name : new String[] {ROLE, AUTHORIZATION}) {
            if (has.statements.containsKey(name) && !has.statements.get(name).equals(statements.get(name))) {
                sql.append("RESET ").append(name).append(';');
            }
        }
        has.statements.forEach((name, _) -> {
            if (!statements.containsKey(name) && !isActor(name)) {
                sql.append("RESET ").append(quoted(name)).append(';');
            }
        });
        statements.forEach((name, statement) -> {
            if (!isActor(name) && !statement.equals(has.statements.get(name))) {
                sql.append(statement).append(';');
            }
        });
        // Another authorization ends the role as well.
        boolean other = !Objects.equals(statements.get(AUTHORIZATION), has.statements.get(AUTHORIZATION));
        for (String name : new String[] {AUTHORIZATION, ROLE}) {
            if (statements.containsKey(name) && (other || !statements.get(name).equals(has.statements.get(name)))) {
                sql.append(statements.get(name)).append(';');
            }
        }
        return sql.toString();
    }

    private static boolean isActor(String name) {
        return name.equals(ROLE) || name.equals(AUTHORIZATION);
    }

    private SessionSettings put(String name, String statement) {
        if (statement.equals(statements.get(name))) {
            return this;
        }
        TreeMap<String, String> more = new TreeMap<>(statements);
        more.put(name, statement);
        return new SessionSettings(more);
    }

    private static String quoted(String name) {
        StringBuilder quoted = new StringBuilder();
        for (String part : name.split("\\.", -1)) {
            quoted.append(quoted.isEmpty() ? "" : ".");
            quoted.append(part.matches("[a-z_][a-z0-9_]*") ? part : "\"" + part.replace("\"", "\"\"") + "\"");
        }
        return quoted.toString();
    }

    /** Right whatever standard_conforming_strings is. */
    static String literal(String text) {
        return "E'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof SessionSettings that && hash == that.hash && statements.equals(that.statements);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
