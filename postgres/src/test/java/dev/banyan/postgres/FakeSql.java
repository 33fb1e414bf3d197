package dev.banyan.postgres;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The SQL that a {@link FakePostgres} understands. A read is {@code select 'WHAT'}, WHAT being {@code server}, {@code rows N}, {@code wide
 * BYTES}, {@code setting NAME}, {@code committed}, {@code sleep}, {@code error STATE} or any text; a write is {@code insert into t values
 * ('WHAT')}. Owned by one connection.
 */
final class FakeSql {
    private static final Pattern SELECT = Pattern.compile("(?is)(?:/\\*.*?\\*/\\s*)?select\\s+'(\\w*) ?([^']*)'.*");
    private static final Pattern INSERT = Pattern.compile("(?is)insert into t values \\('(.*)'\\)");
    private static final Pattern SET = Pattern.compile("(?is)set\\s+(session\\s+|local\\s+)?\"?([\\w.]+)\"?\\s*(?:to|=)\\s*(.*)");
    private static final Pattern SET_CONFIG = Pattern.compile("(?is)select pg_catalog.set_config\\(E'(.*?)',E'(.*?)',false\\)");
    private static final Set<String> REPORTED = Set.of("application_name", "timezone");

    /** An error of the server's. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;
        final String state;

        Failure(String state, String message) {
            super(message);
            this.state = state;
        }
    }

    private final FakePostgres server;
    private final FakeBackend backend;
    private TreeMap<String, String> settings = FakePostgres.defaults();
    private TreeMap<String, String> before;
    /** What SET LOCAL hides until the transaction ends. */
    private final TreeMap<String, String> hidden = new TreeMap<>();
    private final Map<String, TreeMap<String, String>> savepoints = new HashMap<>();
    private final List<String> writes = new ArrayList<>();
    private final Set<String> listening = new HashSet<>();
    private final List<String> copied = new ArrayList<>();
    private char status = 'I';
    private boolean readOnly;

    FakeSql(FakePostgres server, FakeBackend backend) {
        this.server = server;
        this.backend = backend;
    }

    char status() {
        return status;
    }

    String setting(String name) {
        return settings.getOrDefault(name, "");
    }

    Set<String> listening() {
        return listening;
    }

    boolean listens(String channel) {
        return listening.contains(channel);
    }

    void check(String text) {
        if (text.startsWith("sytnax")) {
            throw new Failure("42601", "syntax error at or near \"sytnax\"");
        }
    }

    boolean hasRows(String text) {
        return text.matches("(?is)(/\\*.*?\\*/\\s*)?(select|show).*");
    }

    void simple(String text, FakeReply out) {
        for (String statement : text.split(";")) {
            if (!statement.isBlank()) {
                one(statement.strip(), out, false);
            }
        }
        if (text.isBlank()) {
            out.empty('I');
        }
    }

    /** What came by one simple query is done: outside a transaction it is committed. */
    void endOfQuery(FakeReply out) {
        sync();
        out.ready(status);
    }

    void sync() {
        if (status == 'I') {
            commit();
        }
    }

    void failed() {
        writes.clear();
        status = status == 'I' ? 'I' : 'E';
    }

    private void commit() {
        if (!writes.isEmpty()) {
            server.commit(writes);
            writes.clear();
        }
    }

    /** One statement. */
    void one(String text, FakeReply out, boolean extended) {
        check(text);
        String word = text.replaceFirst("(?s)\\W.*", "").toLowerCase(Locale.ROOT);
        if (status == 'E' && !word.equals("rollback") && !word.equals("commit")) {
            throw new Failure("25P02", "current transaction is aborted, commands ignored until end of transaction block");
        }
        switch (word) {
            case "begin" -> begin(text, out);
            case "commit" -> end(status != 'E', out);
            case "rollback" -> rollback(text, out);
            case "savepoint" -> {
                savepoints.put(last(text), new TreeMap<>(settings));
                out.complete("SAVEPOINT");
            }
            case "insert" -> insert(text, out);
            case "set" -> set(text, out);
            case "reset", "discard", "deallocate" -> reset(word, text, out, extended);
            case "show" -> answer(settings.getOrDefault(last(text), "?"), out, extended);
            case "listen" -> {
                listening.add(last(text));
                out.complete("LISTEN");
            }
            case "notify" -> {
                server.notifyAll(last(text), "");
                out.complete("NOTIFY");
            }
            case "copy" -> copy(text, out, extended);
            case "alter", "create", "drop", "lock", "prepare" -> out.complete(text.toUpperCase(Locale.ROOT).replaceFirst("^(\\w+ \\w+ ?(?:ALL)?).*", "$1").strip());
            default -> select(text, out, extended);
        }
    }

    private void begin(String text, FakeReply out) {
        status = 'T';
        readOnly = text.toLowerCase(Locale.ROOT).contains("read only");
        before = new TreeMap<>(settings);
        out.complete("BEGIN");
    }

    private void end(boolean commits, FakeReply out) {
        if (commits) {
            commit();
            hidden.forEach((name, value) -> change(name, value, out));
        } else {
            restore(before, out);
        }
        hidden.clear();
        writes.clear();
        before = null;
        savepoints.clear();
        readOnly = false;
        status = 'I';
        out.complete(commits ? "COMMIT" : "ROLLBACK");
    }

    private void rollback(String text, FakeReply out) {
        if (!text.toLowerCase(Locale.ROOT).contains(" to ")) {
            end(false, out);
            return;
        }
        restore(savepoints.get(last(text)), out);
        status = 'T';
        out.complete("ROLLBACK");
    }

    private void restore(TreeMap<String, String> former, FakeReply out) {
        if (former != null) {
            TreeMap<String, String> now = settings;
            settings = new TreeMap<>(former);
            settings.forEach((name, value) -> report(name, value.equals(now.get(name)) ? null : value, out));
        }
    }

    private void insert(String text, FakeReply out) {
        if (server.replica || readOnly) {
            throw new Failure("25006", "cannot execute INSERT in a read-only transaction");
        }
        Matcher insert = INSERT.matcher(text);
        if (!insert.matches()) {
            throw new Failure("42601", "syntax error in " + text);
        }
        writes.add(insert.group(1));
        out.complete("INSERT 0 1");
    }

    private void set(String text, FakeReply out) {
        Matcher set = SET.matcher(text);
        if (!set.matches()) {
            throw new Failure("42601", "syntax error in " + text);
        }
        String value = set.group(3).strip().replace("'", "");
        if (value.equals("bad")) {
            throw new Failure("22023", "invalid value for parameter \"" + set.group(2) + "\": \"bad\"");
        }
        String name = set.group(2).toLowerCase(Locale.ROOT);
        if ("local".equalsIgnoreCase(String.valueOf(set.group(1)).strip())) {
            hidden.putIfAbsent(name, setting(name));
        }
        change(name, value, out);
        out.complete("SET");
    }

    private void change(String name, String value, FakeReply out) {
        settings.put(name, value);
        report(name, value, out);
    }

    private void report(String name, String value, FakeReply out) {
        if (value != null && REPORTED.contains(name)) {
            out.parameter(name.equals("timezone") ? "TimeZone" : name, value);
        }
    }

    private void reset(String word, String text, FakeReply out, boolean extended) {
        String name = last(text);
        boolean all = name.equals("all");
        switch (word) {
            case "reset" -> {
                TreeMap<String, String> defaults = FakePostgres.defaults();
                settings = all ? defaults : settings;
                if (!all && defaults.containsKey(name)) {
                    change(name, defaults.get(name), out);
                } else {
                    settings.remove(all ? "" : name);
                }
            }
            case "discard" -> {
                settings = FakePostgres.defaults();
                listening.clear();
                backend.prepared().clear();
            }
            default -> {
                if (!all && backend.prepared().remove(name) == null) {
                    throw new Failure("26000", "prepared statement \"" + name + "\" does not exist");
                } else if (all) {
                    backend.prepared().clear();
                }
            }
        }
        out.complete(word.toUpperCase(Locale.ROOT) + (all && !word.equals("reset") ? " ALL" : ""));
    }

    private void copy(String text, FakeReply out, boolean extended) {
        if (text.toLowerCase(Locale.ROOT).contains(" to ")) {
            out.copy('H');
            server.committed().forEach(out::copyData);
            out.empty('c');
            out.complete("COPY " + server.committed().size());
            return;
        }
        if (server.replica) {
            throw new Failure("25006", "cannot execute COPY FROM in a read-only transaction");
        }
        out.copy('G');
        backend.copyBegins(extended);
    }

    void copied(String data) {
        if (data.contains("bad")) {
            copied.clear();
            throw new Failure("22P02", "invalid input syntax in COPY");
        }
        copied.add(data);
    }

    void copyDone(FakeReply out) {
        String all = String.join("", copied);
        copied.clear();
        List<String> rows = all.lines().toList();
        writes.addAll(rows);
        out.complete("COPY " + rows.size());
    }

    private void select(String text, FakeReply out, boolean extended) {
        if (text.equals(PositionQuestion.SQL)) {
            String position = Lsn.format(server.position());
            out.columns();
            out.row(server.replica ? "t" : "f", position, position, "0");
            out.complete("SELECT 1");
            return;
        }
        if (text.equals("SELECT pg_catalog.pg_current_wal_insert_lsn()")) {
            answer(Lsn.format(server.position()), out, extended);
            return;
        }
        Matcher config = SET_CONFIG.matcher(text);
        if (config.matches()) {
            change(config.group(1), config.group(2), out);
            answer(config.group(2), out, extended);
            return;
        }
        Matcher select = SELECT.matcher(text);
        if (!select.matches()) {
            throw new Failure("42601", "syntax error in " + text);
        }
        if (!server.refusesReadsWith.isEmpty()) {
            throw new Failure(server.refusesReadsWith, "not here, not now");
        }
        asked(select.group(1), select.group(2), out, extended);
    }

    private void asked(String what, String about, FakeReply out, boolean extended) {
        switch (what) {
            case "server" -> answer(server.member.name(), out, extended);
            case "process" -> answer("" + backend.process(), out, extended);
            case "committed" -> answer(String.join(",", server.committed()), out, extended);
            case "setting" -> answer(settings.getOrDefault(about, "none"), out, extended);
            case "wide" -> answer("x".repeat(Integer.parseInt(about)), out, extended);
            case "error" -> throw new Failure(about, "as was asked for");
            case "rows" -> {
                columns(out, extended);
                int rows = Integer.parseInt(about);
                for (int i = 1; i <= rows; i++) {
                    out.row("" + i);
                }
                out.complete("SELECT " + rows);
            }
            case "sleep" -> {
                columns(out, extended);
                backend.sleep(extended);
            }
            case "half" -> {
                columns(out, extended);
                out.row("1");
                throw new Failure(about, "in the middle of the rows");
            }
            default -> answer(about.isEmpty() ? what : what + " " + about, out, extended);
        }
    }

    private void answer(String value, FakeReply out, boolean extended) {
        columns(out, extended);
        out.row(value);
        out.complete("SELECT 1");
    }

    private static void columns(FakeReply out, boolean extended) {
        if (!extended) {
            out.columns();
        }
    }

    private static String last(String text) {
        return text.strip().replaceFirst("(?s).*\\s", "").replace("\"", "").toLowerCase(Locale.ROOT);
    }
}
