package dev.banyan.photos;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Users and their sessions. */
final class Accounts {
    static final int SESSION_DAYS = 30;

    private static final Pattern NAME = Pattern.compile("[a-z0-9_]{3,30}");

    private final Database database;
    private final Cache cache;
    private final Passwords passwords;

    Accounts(Database database, Cache cache, Passwords passwords) {
        this.database = database;
        this.cache = cache;
        this.passwords = passwords;
    }

    record User(long id, String name, String displayName) {}

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /**
     * A new user. With an idempotency key, the same call again gives the same user.
     *
     * @throws Problem 422 for a name or password that is not allowed, 409 for a name that is taken
     */
    User register(String wantedName, String wantedDisplayName, String password, String key) throws SQLException {
        String name = wantedName.strip().toLowerCase(Locale.ROOT);
        if (!isName(name)) {
            throw new Problem(422, "A name has 3 to 30 letters a-z, digits and underscores.");
        }
        String displayName = Input.line("The display name", wantedDisplayName.isBlank() ? name : wantedDisplayName, 60);
        if (password.length() < 8 || password.length() > 200) {
            throw new Problem(422, "A password has 8 to 200 characters.");
        }
        return database.first("""
                INSERT INTO users (name, display_name, password, idempotency_key) VALUES (?, ?, ?, ?)
                ON CONFLICT (name) DO NOTHING RETURNING id, name, display_name""",
                Accounts::user, name, displayName, passwords.hash(password), key)
                .or(() -> replayed(name, password, key))
                .orElseThrow(() -> new Problem(409, "The name " + name + " is taken; choose another."));
    }

    private Optional<User> replayed(String name, String password, String key) {
        if (key == null) {
            return Optional.empty();
        }
        try {
            record Known(User user, String password) {}
            return database.first("SELECT id, name, display_name, password FROM users WHERE name = ? AND idempotency_key = ?",
                            row -> new Known(user(row), row.getString(4)), name, key)
                    .filter(known -> passwords.matches(password, known.password()))
                    .map(Known::user);
        } catch (SQLException e) {
            throw new DatabaseFailure(e);
        }
    }

    /**
     * Opens a session.
     *
     * @throws Problem 401 if name and password do not belong together (it does not say which of them is wrong)
     */
    Viewer logIn(String name, String password) throws SQLException {
        record Known(User user, String password) {}
        Optional<Known> known = database.first("SELECT id, name, display_name, password FROM users WHERE name = ?",
                row -> new Known(user(row), row.getString(4)), name.strip().toLowerCase(Locale.ROOT));
        if (known.isEmpty()) {
            passwords.pretend(password);
        }
        User user = known.filter(it -> passwords.matches(password, it.password())).map(Known::user)
                .orElseThrow(() -> new Problem(401, "Name and password do not belong together."));
        Token token = Token.random();
        database.run("DELETE FROM sessions WHERE user_id = ? AND expires_at < now()", user.id());
        database.run("INSERT INTO sessions (token_hash, user_id, name, display_name, expires_at) VALUES (?, ?, ?, ?, now() + make_interval(days => ?))",
                token.hash(), user.id(), user.name(), user.displayName(), SESSION_DAYS);
        return new Viewer(user.id(), user.name(), user.displayName(), token, true);
    }

    /** Where the cache has a session. */
    private static String session(Token token) {
        return "session:" + token.hash();
    }

    /** The cache first: one that writes takes the row away itself, and no copy of it is left anywhere. */
    void logOut(Token token) throws SQLException {
        cache.forget(session(token));
        database.run("DELETE FROM sessions WHERE token_hash = ?", token.hash());
    }

    Optional<Viewer> viewer(Token token, boolean byCookie) throws SQLException {
        record Session(long userId, String name, String displayName, Instant expiresAt) {
            private boolean open() {
                return expiresAt.isAfter(Instant.now());
            }
        }
        Optional<Session> known = cache.ask(session(token)).document(session(token), Session.class).filter(Session::open);
        if (known.isPresent()) {
            return known.map(it -> new Viewer(it.userId(), it.name(), it.displayName(), token, byCookie));
        }
        return database.first("""
                SELECT user_id, name, display_name FROM sessions WHERE token_hash = ? AND expires_at > now()""",
                row -> new Viewer(row.getLong(1), row.getString(2), row.getString(3), token, byCookie), token.hash());
    }

    private static User user(java.sql.ResultSet row) throws SQLException {
        return new User(row.getLong(1), row.getString(2), row.getString(3));
    }
}
