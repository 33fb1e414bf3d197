package dev.banyan.photos;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A cache that does what site.yaml declares, by hand: it loads by the declared statements, keeps what it has loaded until it is told otherwise, and gathers what is
 * counted until {@link #drain()}. It can fall silent, or lose an answer. What it does not do is the database's log: only DEL makes a document new, so a test that
 * passes does not owe it to luck; {@link #changed()} is the log.
 */
final class DeclaredRedis implements AutoCloseable {
    /** What becomes of the next INCRBY of likes. */
    enum Fault { NONE, DONE_WITHOUT_ANSWER, LOST }

    private final ServerSocket listener;
    private final Database database;
    private final List<Map<String, Object>> rules;
    private final Map<String, Optional<String>> documents = new ConcurrentHashMap<>();
    private final Map<String, byte[]> plain = new ConcurrentHashMap<>();
    private final Map<String, Long> pending = new ConcurrentHashMap<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger loads = new AtomicInteger();
    private volatile Fault fault = Fault.NONE;
    private volatile boolean silent;

    @SuppressWarnings("unchecked")
    private DeclaredRedis(Database database) throws IOException {
        this.database = database;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Map<String, Object> site = (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(Path.of("../site.yaml")));
        this.rules = (List<Map<String, Object>>) ((Map<String, Object>) site.get("cache")).get("keys");
        Thread.ofVirtual().start(this::accept);
    }

    /** Before the database of that URL. */
    static DeclaredRedis before(String url) throws IOException, InterruptedException {
        return new DeclaredRedis(Database.open(TestPostgres.settings(url + "&stringtype=unspecified", "cache")));
    }

    String url() {
        return "redis://someone:s%40cret@127.0.0.1:" + listener.getLocalPort();
    }

    /** How often a document was asked of the database. */
    int loads() {
        return loads.get();
    }

    void next(Fault fault) {
        this.fault = fault;
    }

    /** What is counted of that and not in the database yet. */
    long pending(String key) {
        return pending.getOrDefault(key, 0L);
    }

    /** From now on nothing is answered; or all is again. */
    void silent(boolean silent) {
        this.silent = silent;
    }

    /** Something in the database was changed: nothing that was loaded is true any more. */
    void changed() {
        documents.clear();
    }

    /** What was counted goes to the database. */
    void drain() throws SQLException {
        for (String key : pending.keySet()) {
            write(rule(key).orElseThrow(), key, pending.remove(key));
        }
    }

    private void write(Map<String, Object> rule, String key, long amount) throws SQLException {
        Object column = ((List<?>) rule.get("columns")).getFirst();
        database.run("INSERT INTO %2$s AS c (photo_id, %1$s) VALUES (?, ?) ON CONFLICT (photo_id) DO UPDATE SET %1$s = c.%1$s + excluded.%1$s".formatted(column, rule.get("table")),
                Long.parseLong(rest(rule, key)), amount);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket; InputStream in = new BufferedInputStream(socket.getInputStream()); OutputStream out = socket.getOutputStream()) {
            for (byte[][] command = read(in); command.length > 0; command = read(in)) {
                byte[] answer = answer(command);
                if (silent) {
                    continue;
                }
                if (answer.length == 0) {
                    return;
                }
                out.write(answer);
            }
        } catch (IOException e) {
            // The client has gone.
        } finally {
            sockets.remove(socket);
        }
    }

    private static byte[][] read(InputStream in) throws IOException {
        String head = line(in);
        if (head.isEmpty()) {
            return new byte[0][];
        }
        byte[][] words = new byte[Integer.parseInt(head.substring(1))][];
        for (int i = 0; i < words.length; i++) {
            words[i] = in.readNBytes(Integer.parseInt(line(in).substring(1)));
            line(in);
        }
        return words;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** Empty: the connection is closed instead. */
    private byte[] answer(byte[][] command) {
        String name = new String(command[0], StandardCharsets.US_ASCII).toUpperCase(Locale.ROOT);
        String key = command.length > 1 ? new String(command[1], StandardCharsets.UTF_8) : "";
        Optional<Map<String, Object>> rule = rule(key);
        try {
            return switch (name) {
                case "HELLO" -> text("-ERR unknown command 'HELLO'");
                case "AUTH", "CLIENT" -> text("+OK");
                case "GET" -> rule.isPresent() ? bulk(read(rule.get(), key)) : bytes(plain.get(key));
                case "MGET" -> several(command);
                case "SET" -> rule.isPresent() ? text("-ERR writes of '" + key + "' are refused") : put(key, command[2]);
                case "DEL" -> text(":" + forget(command));
                case "INCRBY" -> add(key, Long.parseLong(new String(command[2], StandardCharsets.US_ASCII)));
                default -> text("-ERR unknown command '" + name + "'");
            };
        } catch (SQLException e) {
            return text("-ERR " + e.getMessage().lines().findFirst().orElse(""));
        }
    }

    private byte[] add(String key, long amount) throws SQLException {
        boolean like = key.startsWith("likes:"); // views come when they come
        Fault now = like ? fault : Fault.NONE;
        fault = like ? Fault.NONE : fault;
        if (now != Fault.LOST) {
            pending.merge(key, amount, Long::sum);
        }
        return now == Fault.NONE ? text(":" + read(rule(key).orElseThrow(), key).orElseThrow()) : new byte[0];
    }

    private byte[] put(String key, byte[] value) {
        plain.put(key, value);
        return text("+OK");
    }

    private byte[] several(byte[][] command) throws SQLException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(text("*" + (command.length - 1)));
        for (int i = 1; i < command.length; i++) {
            String key = new String(command[i], StandardCharsets.UTF_8);
            Optional<Map<String, Object>> rule = rule(key);
            out.writeBytes(rule.isPresent() ? bulk(read(rule.get(), key)) : bytes(plain.get(key)));
        }
        return out.toByteArray();
    }

    private int forget(byte[][] command) throws SQLException {
        int gone = 0;
        for (int i = 1; i < command.length; i++) {
            String key = new String(command[i], StandardCharsets.UTF_8);
            Optional<Map<String, Object>> rule = rule(key);
            gone += rule.isPresent() ? forget(rule.get(), key) : plain.remove(key) == null ? 0 : 1;
        }
        return gone;
    }

    /** Of a rule that writes, the row goes too. */
    private int forget(Map<String, Object> rule, String key) throws SQLException {
        documents.remove(key);
        return rule.get("strategy").equals("write-around")
                ? database.run("DELETE FROM " + rule.get("table") + " WHERE " + ((List<?>) rule.get("key")).getFirst() + " = ?", rest(rule, key)) : 1;
    }

    private Optional<String> read(Map<String, Object> rule, String key) throws SQLException {
        if (rule.get("strategy").equals("write-behind")) {
            return load(rule, key).map(value -> Long.toString(Long.parseLong(value) + pending.getOrDefault(key, 0L)));
        }
        Optional<String> known = documents.get(key);
        if (known == null) {
            loads.incrementAndGet();
            known = load(rule, key);
            documents.put(key, known);
        }
        return known;
    }

    private Optional<String> load(Map<String, Object> rule, String key) throws SQLException {
        String sql = rule.containsKey("sql") ? ((String) rule.get("sql")).replaceAll("\\$1", "?") : rows(rule);
        Object[] values = new Object[(int) sql.chars().filter(c -> c == '?').count()];
        Arrays.fill(values, rest(rule, key));
        String shaped = "column".equals(rule.get("value")) ? sql : "SELECT row_to_json(q)::text FROM (" + sql + ") AS q";
        return database.first(shaped, row -> row.getString(1), values);
    }

    private static String rows(Map<String, Object> rule) {
        String columns = String.join(", ", ((List<?>) rule.get("columns")).stream().map(Object::toString).toList());
        Object key = rule.containsKey("key") ? ((List<?>) rule.get("key")).getFirst() : "photo_id";
        return "SELECT " + columns + " FROM " + rule.get("table") + " WHERE " + key + " = ?";
    }

    private Optional<Map<String, Object>> rule(String key) {
        return rules.stream().filter(rule -> key.startsWith((String) rule.get("prefix"))).findFirst();
    }

    private static String rest(Map<String, Object> rule, String key) {
        return key.substring(((String) rule.get("prefix")).length());
    }

    private static byte[] text(String line) {
        return (line + "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bulk(Optional<String> value) {
        return bytes(value.map(text -> text.getBytes(StandardCharsets.UTF_8)).orElse(null));
    }

    private static byte[] bytes(byte[] value) {
        if (value == null) {
            return text("$-1");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(text("$" + value.length));
        out.writeBytes(value);
        out.writeBytes(text(""));
        return out.toByteArray();
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        database.close();
    }
}
