package dev.banyan.drill.cache;

import dev.banyan.net.Loops;
import dev.banyan.topology.Secret;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A cache that shows and does what the database has, and can be made to misbehave. */
final class FakeCache implements AutoCloseable {
    /** What it does wrong. */
    enum Misdeed {
        NONE, KEEPS_FOR_EVER, SHOWS_TURN_ABOUT, INVENTS, SHOWS_NOTHING, LOSES_A_COUNT, COUNTS_TWICE, LOSES_A_VALUE, DOES_WITHOUT_ANSWER, LOADS_FOR_EACH
    }

    private final ServerSocket listener;
    private final String database;
    private final Loops loops;
    private final Misdeed misdeed;
    private final Map<String, String> kept = new ConcurrentHashMap<>();
    private final AtomicInteger commands = new AtomicInteger();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    FakeCache(String jdbcUrl, Loops loops, Misdeed misdeed) throws IOException {
        this.listener = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        this.database = jdbcUrl;
        this.loops = loops;
        this.misdeed = misdeed;
        loops.blocking().execute(this::accept);
    }

    Secret url() {
        return new Secret("redis://:secret@127.0.0.1:" + listener.getLocalPort());
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                loops.blocking().execute(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket; InputStream in = new BufferedInputStream(socket.getInputStream()); OutputStream out = socket.getOutputStream();
                Connection connection = DriverManager.getConnection(database)) {
            for (String[] command = read(in); command.length > 0; command = read(in)) {
                String answer = answer(connection, command);
                if (answer.isEmpty()) {
                    return;
                }
                out.write((answer + "\r\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // The client has gone.
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String[] read(InputStream in) throws IOException {
        String head = line(in);
        String[] words = new String[head.isEmpty() ? 0 : Integer.parseInt(head.substring(1))];
        for (int i = 0; i < words.length; i++) {
            words[i] = new String(in.readNBytes(Integer.parseInt(line(in).substring(1))), StandardCharsets.UTF_8);
            line(in);
        }
        return words;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append(c == '\r' ? "" : (char) c);
        }
        return line.toString();
    }

    private String answer(Connection connection, String[] command) throws SQLException {
        int number = commands.incrementAndGet();
        String id = command.length > 1 ? command[1].substring(command[1].indexOf(':') + 1) : "";
        return switch (command[0]) {
            case "AUTH" -> "+OK";
            case "GET" -> bulk(shown(connection, command[1], id, number));
            case "INCR" -> {
                int amount = misdeed == Misdeed.LOSES_A_COUNT && number % 3 == 2 ? 0 : misdeed == Misdeed.COUNTS_TWICE && number % 3 == 2 ? 2 : 1;
                String sum = first(connection, "UPDATE photo_counts SET likes = likes + " + amount + " WHERE photo_id = ?::bigint RETURNING likes", id);
                yield misdeed == Misdeed.DOES_WITHOUT_ANSWER && number % 5 == 4 ? "" : ":" + sum;
            }
            case "SET" -> {
                if (misdeed != Misdeed.LOSES_A_VALUE) {
                    first(connection, "UPDATE photo_views SET views = '" + Long.parseLong(command[2]) + "' WHERE photo_id = ?::bigint RETURNING views", id);
                }
                yield "+OK";
            }
            default -> "-ERR unknown command";
        };
    }

    private String shown(Connection connection, String key, String id, int number) throws SQLException {
        return switch (misdeed) {
            case KEEPS_FOR_EVER -> {
                String now = value(connection, key, id);
                String before = kept.putIfAbsent(key, now);
                yield before == null ? now : before;
            }
            case SHOWS_TURN_ABOUT -> {
                String now = value(connection, key, id);
                kept.putIfAbsent(key, now);
                yield number % 5 > 0 ? now : kept.get(key);
            }
            case INVENTS -> number < 50 ? value(connection, key, id) : key.startsWith("profile:") ? "{\"followers\":99999}" : "99999";
            case SHOWS_NOTHING -> number < 50 ? value(connection, key, id) : null;
            default -> misdeed != Misdeed.LOADS_FOR_EACH && key.startsWith("user:") ? once(connection, key, id) : value(connection, key, id);
        };
    }

    private synchronized String once(Connection connection, String key, String id) throws SQLException {
        if (!kept.containsKey(key)) {
            kept.put(key, value(connection, key, id));
        }
        return kept.get(key);
    }

    private static String value(Connection connection, String key, String id) throws SQLException {
        return switch (key.substring(0, key.indexOf(':'))) {
            case "profile" -> first(connection, "SELECT row_to_json(u)::text FROM (SELECT name, followers FROM users WHERE id = ?::bigint) AS u", id);
            case "user" -> first(connection, "SELECT row_to_json(u)::text FROM (SELECT id FROM users WHERE name = ?) AS u", id);
            case "likes" -> first(connection, "SELECT likes::text FROM photo_counts WHERE photo_id = ?::bigint", id);
            case "views" -> first(connection, "SELECT views::text FROM photo_views WHERE photo_id = ?::bigint", id);
            default -> null;
        };
    }

    private static String first(Connection connection, String sql, String id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, id);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    private static String bulk(String value) {
        return value == null ? "$-1" : "$" + value.getBytes(StandardCharsets.UTF_8).length + "\r\n" + value;
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
    }
}
