package dev.banyan.photos;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * What is counted of photos. The rows of likes are the truth. Where the cache counts for the database, a like's row is inserted here and its count is
 * added there, so that a photo that everyone likes at once is no row that everyone waits for; else both are one statement. A count that got no answer is
 * neither tried again nor forgotten: it goes to the {@link Recount}. Taking a like back is always one statement: it is rare, and so it is exact.
 */
final class Counters {
    private final Database database;
    private final Cache cache;
    private final LongConsumer doubtful;

    /** @param doubtful gets each photo whose count of likes may be wrong */
    Counters(Database database, Cache cache, LongConsumer doubtful) {
        this.database = database;
        this.cache = cache;
        this.doubtful = doubtful;
    }

    /** The photo's likes after a like or its opposite, and whose photo it is. */
    record Liked(long likes, String title, long ownerId) {
        static Liked of(ResultSet row) throws SQLException {
            return new Liked(row.getLong(1), row.getString(2), row.getLong(3));
        }
    }

    static String likes(long photo) {
        return "likes:" + photo;
    }

    static String views(long photo) {
        return "views:" + photo;
    }

    /** Its likes as of now; empty when there is no such photo. */
    Optional<Long> likesNow(long photo) throws SQLException {
        OptionalLong now = cache.number(likes(photo));
        return now.isPresent() ? Optional.of(now.getAsLong()) : database.first(
                "SELECT c.likes FROM photos p LEFT JOIN photo_counts c ON c.photo_id = p.id WHERE p.id = ?", row -> row.getLong(1), photo);
    }

    /** Empty when the user likes the photo already, or there is no such photo. */
    Optional<Liked> like(long user, long photo) throws SQLException {
        return cache.number(likes(photo)).isPresent() ? likeCountedBehind(user, photo) : database.first("""
                WITH added AS (
                    INSERT INTO likes (photo_id, user_id) SELECT id, ? FROM photos WHERE id = ? ON CONFLICT DO NOTHING RETURNING photo_id),
                counted AS (
                    INSERT INTO photo_counts (photo_id, likes) SELECT photo_id, 1 FROM added
                    ON CONFLICT (photo_id) DO UPDATE SET likes = photo_counts.likes + 1 RETURNING photo_id, likes)
                SELECT c.likes, p.title, p.owner_id FROM counted c JOIN photos p ON p.id = c.photo_id""", Liked::of, user, photo);
    }

    private Optional<Liked> likeCountedBehind(long user, long photo) throws SQLException {
        Optional<Liked> added = database.first("""
                WITH added AS (
                    INSERT INTO likes (photo_id, user_id) SELECT id, ? FROM photos WHERE id = ? ON CONFLICT DO NOTHING RETURNING photo_id)
                SELECT c.likes + 1, p.title, p.owner_id FROM added JOIN photos p ON p.id = added.photo_id LEFT JOIN photo_counts c ON c.photo_id = p.id""",
                Liked::of, user, photo);
        return added.isEmpty() ? added : Optional.of(count(added.get(), photo));
    }

    private Liked count(Liked like, long photo) {
        switch (cache.add(likes(photo), 1)) {
            case Cache.Added.Now(long number) -> {
                return new Liked(number, like.title(), like.ownerId());
            }
            case Cache.Added.Not not -> addHere(photo);
            case Cache.Added.Unknown unknown -> doubtful.accept(photo);
        }
        return like;
    }

    /** The like itself is safe by now and is not to fail. */
    private void addHere(long photo) {
        try {
            database.run("UPDATE photo_counts SET likes = likes + 1 WHERE photo_id = ?", photo);
        } catch (SQLException e) {
            doubtful.accept(photo);
        }
    }

    /** Empty when the user does not like the photo. What is counted behind is not in the database's number yet: the answer is one less than before. */
    Optional<Liked> unlike(long user, long photo) throws SQLException {
        OptionalLong before = cache.number(likes(photo));
        Optional<Liked> gone = database.first("""
                WITH gone AS (DELETE FROM likes WHERE photo_id = ? AND user_id = ? RETURNING photo_id),
                counted AS (UPDATE photo_counts SET likes = likes - 1 FROM gone WHERE photo_counts.photo_id = gone.photo_id RETURNING gone.photo_id, likes)
                SELECT c.likes, p.title, p.owner_id FROM counted c JOIN photos p ON p.id = c.photo_id""", Liked::of, photo, user);
        return before.isEmpty() ? gone : gone.map(it -> new Liked(before.getAsLong() - 1, it.title(), it.ownerId()));
    }
}
