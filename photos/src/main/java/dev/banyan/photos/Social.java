package dev.banyan.photos;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * Follows, likes and comments. Each write is one statement that inserts the row and counts it, and locks at most one counter's row: so
 * it is all or nothing, the counters agree with the rows, and no two of them can deadlock.
 */
final class Social {
    private static final String FOREIGN_KEY_VIOLATION = "23503";

    private final Database database;
    private final Announcer announcer;

    Social(Database database, Announcer announcer) {
        this.database = database;
        this.announcer = announcer;
    }

    /** A user as one viewer sees them. */
    record Profile(String name, String displayName, int followers, int following, int photos, boolean followed) {}

    record Suggestion(String name, String displayName, int followers) {}

    /** The state after a like or its opposite. */
    record Liked(long photoId, boolean liked, int likes) {}

    Profile profile(String name, Optional<Viewer> viewer) throws SQLException {
        return database.first("""
                SELECT name, display_name, followers, (SELECT count(*) FROM follows WHERE follower_id = u.id),
                       (SELECT count(*) FROM photos WHERE owner_id = u.id),
                       EXISTS (SELECT 1 FROM follows WHERE follower_id = ? AND followee_id = u.id)
                FROM users u WHERE name = ?""",
                row -> new Profile(row.getString(1), row.getString(2), row.getInt(3), row.getInt(4), row.getInt(5), row.getBoolean(6)),
                viewer.map(Viewer::id).orElse(0L), name).orElseThrow(() -> Problem.notFound("User " + name));
    }

    /** The most followed users whom the viewer does not follow yet. */
    List<Suggestion> suggestions(Viewer viewer, int most) throws SQLException {
        return database.list("""
                SELECT name, display_name, followers FROM users u
                WHERE id <> ? AND NOT EXISTS (SELECT 1 FROM follows WHERE follower_id = ? AND followee_id = u.id)
                ORDER BY followers DESC LIMIT ?""",
                row -> new Suggestion(row.getString(1), row.getString(2), row.getInt(3)), viewer.id(), viewer.id(), most);
    }

    /** Idempotent: following someone twice is following once. */
    void follow(Viewer viewer, String name) throws SQLException {
        if (viewer.name().equals(name)) {
            throw new Problem(422, "You cannot follow yourself.");
        }
        int changed = database.run("""
                WITH added AS (
                    INSERT INTO follows (follower_id, followee_id) SELECT ?, id FROM users WHERE name = ?
                    ON CONFLICT DO NOTHING RETURNING followee_id)
                UPDATE users SET followers = followers + 1 FROM added WHERE id = added.followee_id""", viewer.id(), name);
        if (changed == 0) {
            profile(name, Optional.of(viewer));
        }
    }

    void unfollow(Viewer viewer, String name) throws SQLException {
        int changed = database.run("""
                WITH gone AS (
                    DELETE FROM follows WHERE follower_id = ? AND followee_id = (SELECT id FROM users WHERE name = ?)
                    RETURNING followee_id)
                UPDATE users SET followers = followers - 1 FROM gone WHERE id = gone.followee_id""", viewer.id(), name);
        if (changed == 0) {
            profile(name, Optional.of(viewer));
        }
    }

    private record Counted(int count, String title, long ownerId) {
        static Counted of(ResultSet row) throws SQLException {
            return new Counted(row.getInt(1), row.getString(2), row.getLong(3));
        }
    }

    Liked like(Viewer viewer, long photo) throws SQLException {
        Optional<Counted> added = referring(photo, () -> database.first("""
                WITH added AS (
                    INSERT INTO likes (photo_id, user_id) SELECT id, ? FROM photos WHERE id = ? ON CONFLICT DO NOTHING RETURNING photo_id)
                UPDATE photos SET like_count = like_count + 1 FROM added WHERE id = added.photo_id
                RETURNING like_count, title, owner_id""", Counted::of, viewer.id(), photo));
        added.ifPresent(it -> announce("like", viewer, photo, it, ""));
        return new Liked(photo, true, added.isPresent() ? added.get().count() : likes(photo));
    }

    Liked unlike(Viewer viewer, long photo) throws SQLException {
        Optional<Counted> gone = database.first("""
                WITH gone AS (DELETE FROM likes WHERE photo_id = ? AND user_id = ? RETURNING photo_id)
                UPDATE photos SET like_count = like_count - 1 FROM gone WHERE id = gone.photo_id
                RETURNING like_count, title, owner_id""", Counted::of, photo, viewer.id());
        return new Liked(photo, false, gone.isPresent() ? gone.get().count() : likes(photo));
    }

    private int likes(long photo) throws SQLException {
        return database.first("SELECT like_count FROM photos WHERE id = ?", row -> row.getInt(1), photo)
                .orElseThrow(() -> Problem.notFound("Photo " + photo));
    }

    /** A new comment; with an idempotency key that was used before, the comment of the first call. */
    CommentView comment(Viewer viewer, long photo, String rawText, String key) throws SQLException {
        String text = Input.text("A comment", rawText, 1000);
        record Added(CommentView comment, Counted counted) {}
        Optional<Added> added = referring(photo, () -> database.first("""
                WITH added AS (
                    INSERT INTO comments (photo_id, author_id, text, idempotency_key) SELECT id, ?, ?, ? FROM photos WHERE id = ?
                    ON CONFLICT (author_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING RETURNING id, photo_id, created_at),
                counted AS (
                    UPDATE photos SET comment_count = comment_count + 1 FROM added WHERE photos.id = added.photo_id
                    RETURNING comment_count, title, owner_id)
                SELECT comment_count, title, owner_id, added.id, created_at FROM added, counted""",
                row -> new Added(new CommentView(row.getLong(4), photo, viewer.name(), viewer.displayName(), text,
                        row.getObject(5, OffsetDateTime.class).toInstant(), key), Counted.of(row)),
                viewer.id(), text, key, photo));
        added.ifPresent(it -> announce("comment", viewer, photo, it.counted(), text));
        return added.isPresent() ? added.get().comment() : replayed(viewer, photo, text, key);
    }

    private CommentView replayed(Viewer viewer, long photo, String text, String key) throws SQLException {
        CommentView known = comments("c.author_id = ? AND c.idempotency_key = ?", viewer, viewer.id(), key).stream().findFirst()
                .orElseThrow(() -> Problem.notFound("Photo " + photo));
        if (known.photoId() != photo || !known.text().equals(text)) {
            throw new Problem(422, "This Idempotency-Key was used for another comment (" + known.id() + ").");
        }
        return known;
    }

    CommentView comment(long id, Optional<Viewer> viewer) throws SQLException {
        return comments("c.id = ?", viewer.orElse(null), id).stream().findFirst()
                .orElseThrow(() -> Problem.notFound("Comment " + id));
    }

    /** A photo's latest comments, the oldest of them first. */
    List<CommentView> comments(long photo, Optional<Viewer> viewer, int most) throws SQLException {
        return comments("c.id IN (SELECT id FROM comments WHERE photo_id = ? ORDER BY id DESC LIMIT ?)", viewer.orElse(null), photo, most);
    }

    private List<CommentView> comments(String where, Viewer viewer, Object... values) throws SQLException {
        return database.list("""
                SELECT c.id, c.photo_id, u.name, u.display_name, c.text, c.created_at, c.idempotency_key
                FROM comments c JOIN users u ON u.id = c.author_id WHERE %s ORDER BY c.id""".formatted(where),
                row -> new CommentView(row.getLong(1), row.getLong(2), row.getString(3), row.getString(4), row.getString(5),
                        row.getObject(6, OffsetDateTime.class).toInstant(),
                        viewer != null && viewer.name().equals(row.getString(3)) ? row.getString(7) : null), values);
    }

    private interface Statement<T> {
        Optional<T> run() throws SQLException;
    }

    /** A photo that is deleted at the same moment is a photo that does not exist. */
    private static <T> Optional<T> referring(long photo, Statement<T> statement) throws SQLException {
        try {
            return statement.run();
        } catch (SQLException e) {
            if (FOREIGN_KEY_VIOLATION.equals(e.getSQLState())) {
                throw Problem.notFound("Photo " + photo);
            }
            throw e;
        }
    }

    private void announce(String type, Viewer viewer, long photo, Counted it, String text) {
        announcer.announce(new Event(type, viewer.id(), viewer.name(), viewer.displayName(), photo, it.title(), it.ownerId(), text));
    }
}
