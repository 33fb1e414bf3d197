package dev.banyan.drill.cache;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rows of the sample application that the checks make, use and take away: users of names that nobody else has, and counters of photos that do not exist. */
final class PhotosRows {
    private static final String USER = "banyan_check_";
    /** Photos have ids from 1 on. */
    private static final long PHOTOS = -1_000_000;

    private PhotosRows() {}

    /** A user's profile, made by a statement: its version is the number of followers. */
    static CheckedKeys profiles() {
        return new Profiles();
    }

    /** A photo's likes, one column of a row: counted behind by the application, changed past the cache by us. */
    static CheckedKeys likes() {
        return new Likes(PHOTOS);
    }

    /** Users by their names, of whom nobody has asked yet. @return their names */
    static List<String> strangers(Connection connection, int users) throws SQLException {
        return ids(connection, "INSERT INTO users (name, display_name, password) SELECT '" + USER + "' || left(md5(random()::text), 12), 'Check', '!' FROM generate_series(1, " + users
                + ") RETURNING name");
    }

    /** For {@link WriteBehindCheck}: photos' likes, counted by all, and their views, each set by one. */
    static BehindRows behind() {
        return new Behind(2 * PHOTOS);
    }

    private static List<Long> made(Connection connection, String table, String column, long first, int rows) throws SQLException {
        return ids(connection, "INSERT INTO " + table + " (photo_id) SELECT " + first + " - i FROM generate_series(1, " + rows + ") AS i ON CONFLICT (photo_id) DO UPDATE SET " + column
                + " = 0 RETURNING photo_id").stream().map(Long::valueOf).toList();
    }

    static void remove(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM users WHERE name LIKE 'banyan\\_check\\_%'");
            statement.execute("DELETE FROM photo_counts WHERE photo_id < 0");
            statement.execute("DELETE FROM photo_views WHERE photo_id < 0");
        }
    }

    private static List<String> ids(Connection connection, String sql) throws SQLException {
        List<String> ids = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql); ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        }
        return ids;
    }

    private record Profiles() implements CheckedKeys {
        private static final Pattern FOLLOWERS = Pattern.compile("\"followers\"\\s*:\\s*(\\d+)");

        @Override
        public String prefix() {
            return "profile:";
        }

        @Override
        public List<Long> make(Connection connection, int rows) throws SQLException {
            return ids(connection, "INSERT INTO users (name, display_name, password) SELECT '" + USER + "' || i, 'Check', '!' FROM generate_series(1, " + rows
                    + ") AS i ON CONFLICT (name) DO UPDATE SET followers = 0 RETURNING id").stream().map(Long::valueOf).toList();
        }

        @Override
        public String change() {
            return "UPDATE users SET followers = ? WHERE id = ?";
        }

        @Override
        public String key(long id) {
            return prefix() + id;
        }

        @Override
        public long version(String answer) {
            Matcher followers = FOLLOWERS.matcher(answer);
            if (!followers.find()) {
                throw new IllegalArgumentException("a profile without followers: " + answer);
            }
            return Long.parseLong(followers.group(1));
        }

        @Override
        public void remove(Connection connection) throws SQLException {
            PhotosRows.remove(connection);
        }
    }

    private record Likes(long first) implements CheckedKeys {
        @Override
        public String prefix() {
            return "likes:";
        }

        @Override
        public List<Long> make(Connection connection, int rows) throws SQLException {
            return made(connection, "photo_counts", "likes", first, rows);
        }

        @Override
        public String change() {
            return "UPDATE photo_counts SET likes = ? WHERE photo_id = ?";
        }

        @Override
        public String key(long id) {
            return prefix() + id;
        }

        @Override
        public long version(String answer) {
            return Long.parseLong(answer);
        }

        @Override
        public void remove(Connection connection) throws SQLException {
            PhotosRows.remove(connection);
        }
    }

    private record Behind(long first) implements BehindRows {
        @Override
        public List<Long> make(Connection connection, int rows) throws SQLException {
            made(connection, "photo_views", "views", first, rows);
            return made(connection, "photo_counts", "likes", first, rows);
        }

        @Override
        public List<List<String>> known(long id) {
            return List.of(counted(id), value(id));
        }

        @Override
        public List<String> count(long id) {
            return List.of("INCR", "likes:" + id);
        }

        @Override
        public List<String> counted(long id) {
            return List.of("GET", "likes:" + id);
        }

        @Override
        public List<String> set(long id, long value) {
            return List.of("SET", "views:" + id, Long.toString(value));
        }

        @Override
        public List<String> value(long id) {
            return List.of("GET", "views:" + id);
        }

        /** In the order of the ids, the greatest first. FOR SHARE is answered by the primary alone. */
        @Override
        public List<Had> look(Connection connection, List<Long> ids) throws SQLException {
            List<Had> had = new ArrayList<>();
            String all = String.join(", ", ids.stream().map(String::valueOf).toList());
            try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(
                    "SELECT c.likes, v.views FROM photo_counts c JOIN photo_views v USING (photo_id) WHERE photo_id IN (" + all + ") ORDER BY photo_id DESC FOR SHARE")) {
                while (rows.next()) {
                    had.add(new Had(rows.getLong(1), rows.getLong(2)));
                }
            }
            return had;
        }

        @Override
        public void remove(Connection connection) throws SQLException {
            PhotosRows.remove(connection);
        }
    }
}
