package dev.banyan.photos;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Follows, likes and comments. Each write is one statement that inserts the row and counts it, and locks at most one counter's row: so
 * it is all or nothing, the counters agree with the rows, and no two of them can deadlock. (Likes may be counted behind: {@link Counters}.)
 */
final class Social {
    private static final String FOREIGN_KEY_VIOLATION = "23503";

    private static final int MOST_SHOWN = 200;
    private static final int POPULAR = 100;

    private final Database database;
    private final Cache cache;
    private final Counters counters;
    private final Announcer announcer;

    Social(Database database, Cache cache, Counters counters, Announcer announcer) {
        this.database = database;
        this.cache = cache;
        this.counters = counters;
        this.announcer = announcer;
    }

    /** A user as one viewer sees them. */
    record Profile(String name, String displayName, long followers, long following, long photos, boolean followed) {}

    /** Someone whom a viewer may want to follow. */
    record Person(long id, String name, String displayName, long followers) {
        static Person of(ResultSet row) throws SQLException {
            return new Person(row.getLong(1), row.getString(2), row.getString(3), row.getLong(4));
        }
    }

    private record People(List<Person> people) {}

    /** The state after a like or its opposite. */
    record Liked(long photoId, boolean liked, long likes) {}

    /** Where the cache has what they like. */
    static String liked(Viewer viewer) {
        return "liked:" + viewer.id();
    }

    private static String following(Viewer viewer) {
        return "following:" + viewer.id();
    }

    private static String comments(long photo) {
        return "comments:" + photo;
    }

    /** The id of a name: neither ever changes. */
    long user(String name) throws SQLException {
        if (!Accounts.isName(name)) {
            throw Problem.notFound("User " + name);
        }
        record User(long id) {}
        return cache.read("user:" + name, User.class, () -> database.first("SELECT id FROM users WHERE name = ?", row -> new User(row.getLong(1)), name)
                .orElseThrow(() -> Problem.notFound("User " + name))).id();
    }

    Profile profile(String name, Optional<Viewer> viewer) throws SQLException {
        record Everyones(String name, String displayName, long followers, long following, long photos) {}
        long id = user(name);
        String key = "profile:" + id;
        Cache.Found found = viewer.isPresent() ? cache.ask(key, following(viewer.get())) : cache.ask(key);
        Everyones profile = found.document(key, Everyones.class, () -> database.first("""
                SELECT name, display_name, followers, (SELECT count(*) FROM follows WHERE follower_id = u.id),
                       (SELECT count(*) FROM photos WHERE owner_id = u.id) FROM users u WHERE id = ?""",
                row -> new Everyones(row.getString(1), row.getString(2), row.getLong(3), row.getLong(4), row.getLong(5)), id)
                .orElseThrow(() -> Problem.notFound("User " + name)));
        boolean followed = viewer.isPresent() && !followed(viewer.get(), List.of(id), found).isEmpty();
        return new Profile(profile.name(), profile.displayName(), profile.followers(), profile.following(), profile.photos(), followed);
    }

    /** Which of these users the viewer follows. */
    private Set<Long> followed(Viewer viewer, List<Long> users, Cache.Found found) throws SQLException {
        Optional<Ids> known = found.document(following(viewer), Ids.class).filter(Ids::all);
        return known.isPresent() ? known.get().among(users) : Set.copyOf(database.list(
                "SELECT followee_id FROM follows WHERE follower_id = ? AND followee_id = ANY (?)", row -> row.getLong(1),
                viewer.id(), users.stream().mapToLong(Long::longValue).toArray()));
    }

    /** The most followed users whom the viewer does not follow yet. */
    List<Person> suggestions(Viewer viewer, int most) throws SQLException {
        Cache.Found found = cache.ask("popular:" + POPULAR, following(viewer));
        List<Person> popular = found.document("popular:" + POPULAR, People.class, () -> new People(database.list(
                "SELECT id, name, display_name, followers FROM users ORDER BY followers DESC LIMIT ?", Person::of, POPULAR))).people();
        Set<Long> followed = followed(viewer, popular.stream().map(Person::id).toList(), found);
        List<Person> others = popular.stream().filter(person -> person.id() != viewer.id() && !followed.contains(person.id())).limit(most).toList();
        return others.size() == most || popular.size() < POPULAR ? others : allSuggestions(viewer, most);
    }

    /** For those who follow all who are popular. */
    private List<Person> allSuggestions(Viewer viewer, int most) throws SQLException {
        return database.list("""
                SELECT id, name, display_name, followers FROM users u
                WHERE id <> ? AND NOT EXISTS (SELECT 1 FROM follows WHERE follower_id = ? AND followee_id = u.id)
                ORDER BY followers DESC LIMIT ?""", Person::of, viewer.id(), viewer.id(), most);
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
        followsChanged(viewer, name);
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
        followsChanged(viewer, name);
        if (changed == 0) {
            profile(name, Optional.of(viewer));
        }
    }

    /** What this viewer is shown next has the change in it. */
    private void followsChanged(Viewer viewer, String name) throws SQLException {
        cache.forget(following(viewer), "feed:" + viewer.id(), "profile:" + viewer.id(), "profile:" + user(name));
    }

    private record Counted(String title, long ownerId) {}

    Liked like(Viewer viewer, long photo) throws SQLException {
        Optional<Counters.Liked> added = referring(photo, () -> counters.like(viewer.id(), photo));
        cache.forget(liked(viewer));
        added.ifPresent(it -> announce("like", viewer, photo, new Counted(it.title(), it.ownerId()), ""));
        return new Liked(photo, true, added.isPresent() ? added.get().likes() : likes(photo));
    }

    Liked unlike(Viewer viewer, long photo) throws SQLException {
        Optional<Counters.Liked> gone = counters.unlike(viewer.id(), photo);
        cache.forget(liked(viewer));
        return new Liked(photo, false, gone.isPresent() ? gone.get().likes() : likes(photo));
    }

    private long likes(long photo) throws SQLException {
        return counters.likesNow(photo).orElseThrow(() -> Problem.notFound("Photo " + photo));
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
                    INSERT INTO photo_counts (photo_id, comments) SELECT photo_id, 1 FROM added
                    ON CONFLICT (photo_id) DO UPDATE SET comments = photo_counts.comments + 1)
                SELECT added.id, added.created_at, p.title, p.owner_id FROM added JOIN photos p ON p.id = added.photo_id""",
                row -> new Added(new CommentView(row.getLong(1), photo, viewer.name(), viewer.displayName(), text,
                        row.getObject(2, OffsetDateTime.class).toInstant(), key), new Counted(row.getString(3), row.getLong(4))),
                viewer.id(), text, key, photo));
        cache.forget(comments(photo), "photo:" + photo);
        added.ifPresent(it -> announce("comment", viewer, photo, it.counted(), text));
        return added.isPresent() ? added.get().comment() : replayed(viewer, photo, text, key);
    }

    private CommentView replayed(Viewer viewer, long photo, String text, String key) throws SQLException {
        CommentView known = stored("c.author_id = ? AND c.idempotency_key = ?", viewer.id(), key).stream().findFirst()
                .orElseThrow(() -> Problem.notFound("Photo " + photo));
        if (known.photoId() != photo || !known.text().equals(text)) {
            throw new Problem(422, "This Idempotency-Key was used for another comment (" + known.id() + ").");
        }
        return known;
    }

    CommentView comment(long id, Optional<Viewer> viewer) throws SQLException {
        return stored("c.id = ?", id).stream().findFirst().map(comment -> comment.as(viewer)).orElseThrow(() -> Problem.notFound("Comment " + id));
    }

    private record Comments(List<CommentView> comments) {}

    /** A photo's latest comments, at most two hundred, the oldest of them first. */
    List<CommentView> comments(long photo, Optional<Viewer> viewer, int most) throws SQLException {
        List<CommentView> latest = cache.read(comments(photo), Comments.class, () -> new Comments(stored(
                "c.id IN (SELECT id FROM comments WHERE photo_id = ? ORDER BY id DESC LIMIT ?)", photo, MOST_SHOWN))).comments();
        return latest.stream().skip(Math.max(0, latest.size() - most)).map(comment -> comment.as(viewer)).toList();
    }

    private List<CommentView> stored(String where, Object... values) throws SQLException {
        return database.list("""
                SELECT c.id, c.photo_id, u.name, u.display_name, c.text, c.created_at, c.idempotency_key
                FROM comments c JOIN users u ON u.id = c.author_id WHERE %s ORDER BY c.id""".formatted(where),
                row -> new CommentView(row.getLong(1), row.getLong(2), row.getString(3), row.getString(4), row.getString(5),
                        row.getObject(6, OffsetDateTime.class).toInstant(), row.getString(7)), values);
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
