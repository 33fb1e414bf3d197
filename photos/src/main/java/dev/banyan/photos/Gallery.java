package dev.banyan.photos;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * Photos and the lists of them. Lists go by keyset: ids grow with time, so "older than id X" is an index range however deep one
 * scrolls, and nothing is shown twice while new photos come in.
 */
final class Gallery {
    static final int SLICE = 24;
    static final int MOST_IN_SLICE = 100;

    /** What surrounds the choice of rows: their owner, and whether this viewer likes them. */
    private static final String VIEW = """
            SELECT p.id, p.title, u.name, u.display_name, p.media, p.thumbnail, p.width, p.height, p.created_at,
                   p.like_count, p.comment_count,
                   EXISTS (SELECT 1 FROM likes l WHERE l.photo_id = p.id AND l.user_id = ?)
            FROM (%s) p JOIN users u ON u.id = p.owner_id ORDER BY p.id DESC""";

    private final Database database;
    private final Announcer announcer;
    private final MediaStore media;

    Gallery(Database database, Announcer announcer) {
        this.database = database;
        this.announcer = announcer;
        this.media = new MediaStore(database);
    }

    /** Where a list goes on and how long it may be; the viewer decides the hearts. */
    record Ask(Optional<Viewer> viewer, long before, int limit) {
        static Ask of(Exchange exchange) throws SQLException {
            long before = exchange.query("before").map(raw -> number("before", raw, Long.MAX_VALUE)).orElse(Long.MAX_VALUE);
            long limit = exchange.query("limit").map(raw -> number("limit", raw, MOST_IN_SLICE)).orElse((long) SLICE);
            return new Ask(exchange.viewer(), before, (int) limit);
        }

        private static long number(String name, String raw, long most) {
            try {
                long number = Long.parseLong(raw);
                if (number >= 1 && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Said below.
            }
            throw new Problem(400, name + " is a number from 1 to " + most + ".");
        }

        private long viewerId() {
            return viewer.map(Viewer::id).orElse(0L);
        }
    }

    PhotoView.Slice newest(Ask ask) throws SQLException {
        return slice(ask, "SELECT * FROM photos WHERE id < ? ORDER BY id DESC LIMIT ?", ask.before(), ask.limit());
    }

    /**
     * The photos of those whom the viewer follows, and the viewer's own. Each of them gives at most one slice of ids from the index
     * (owner_id, id), and the newest of all of those win: the work grows with how many one follows, never with how many photos or followers a
     * celebrity has. Ids alone, because that index holds all that is asked: with whole rows the planner may rather sort all of someone's photos.
     */
    PhotoView.Slice feed(Viewer viewer, Ask ask) throws SQLException {
        return slice(ask, """
                SELECT * FROM photos WHERE id IN (
                    SELECT p.id FROM (SELECT followee_id FROM follows WHERE follower_id = ? UNION ALL SELECT ?) f
                    CROSS JOIN LATERAL (
                        SELECT id FROM photos WHERE owner_id = f.followee_id AND id < ? ORDER BY id DESC LIMIT ?) p
                    ORDER BY p.id DESC LIMIT ?)""", viewer.id(), viewer.id(), ask.before(), ask.limit(), ask.limit());
    }

    PhotoView.Slice of(String owner, Ask ask) throws SQLException {
        return slice(ask, """
                SELECT * FROM photos WHERE owner_id = (SELECT id FROM users WHERE name = ?) AND id < ?
                ORDER BY id DESC LIMIT ?""", owner, ask.before(), ask.limit());
    }

    /** Photos whose titles have every word of the query, in any of its English forms. */
    PhotoView.Slice search(String query, Ask ask) throws SQLException {
        String words = SearchQuery.of(query);
        if (words.isEmpty()) {
            return new PhotoView.Slice(List.of(), null);
        }
        return slice(ask, """
                SELECT * FROM photos WHERE words @@ to_tsquery('english', ?) AND id < ? ORDER BY id DESC LIMIT ?""",
                words, ask.before(), ask.limit());
    }

    PhotoView photo(long id, Optional<Viewer> viewer) throws SQLException {
        return slice(new Ask(viewer, Long.MAX_VALUE, 1), "SELECT * FROM photos WHERE id = ?", id).photos().stream()
                .findFirst().orElseThrow(() -> Problem.notFound("Photo " + id));
    }

    private PhotoView.Slice slice(Ask ask, String rows, Object... values) throws SQLException {
        Object[] all = new Object[values.length + 1];
        all[0] = ask.viewerId();
        System.arraycopy(values, 0, all, 1, values.length);
        List<PhotoView> photos = database.list(VIEW.formatted(rows), Gallery::view, all);
        return new PhotoView.Slice(photos, photos.size() == ask.limit() ? photos.getLast().id() : null);
    }

    private static PhotoView view(ResultSet row) throws SQLException {
        return new PhotoView(row.getLong(1), row.getString(2), row.getString(3), row.getString(4),
                MediaStore.url(row.getString(5)), MediaStore.url(row.getString(6)), row.getInt(7), row.getInt(8),
                row.getObject(9, OffsetDateTime.class).toInstant(), row.getInt(10), row.getInt(11), row.getBoolean(12));
    }

    /**
     * Keeps the picture and its thumbnail and makes the photo: all in one transaction.
     *
     * @return the photo's id; with an idempotency key that was used before, the first call's id
     */
    long upload(Viewer viewer, String rawTitle, Picture picture, String key) throws SQLException {
        String title = Input.line("The title", rawTitle, 120);
        Picture.Thumbnail thumbnail = picture.thumbnail();
        Optional<Long> made = database.transaction(connection -> {
            String file = media.keep(connection, picture.kind(), picture.bytes());
            String small = thumbnail.kind() == picture.kind() && thumbnail.bytes() == picture.bytes()
                    ? file : media.keep(connection, thumbnail.kind(), thumbnail.bytes());
            return insert(connection, viewer, title, file, small, picture, key);
        });
        made.ifPresent(id -> announcer.announce(
                new Event("photo", viewer.id(), viewer.name(), viewer.displayName(), id, title, viewer.id(), "")));
        return made.isPresent() ? made.get() : replayed(viewer, title, key);
    }

    private static Optional<Long> insert(Connection connection, Viewer viewer, String title, String file, String small,
            Picture picture, String key) throws SQLException {
        return Database.first(connection, """
                INSERT INTO photos (owner_id, title, media, thumbnail, width, height, idempotency_key)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (owner_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING RETURNING id""",
                row -> row.getLong(1), viewer.id(), title, file, small, picture.width(), picture.height(), key);
    }

    private long replayed(Viewer viewer, String title, String key) throws SQLException {
        record Known(long id, String title) {}
        Known known = database.first("SELECT id, title FROM photos WHERE owner_id = ? AND idempotency_key = ?",
                        row -> new Known(row.getLong(1), row.getString(2)), viewer.id(), key)
                .orElseThrow(() -> new Problem(409, "The photo of this Idempotency-Key was deleted meanwhile."));
        if (!known.title().equals(title)) {
            throw new Problem(422, "This Idempotency-Key was used for another photo (" + known.id() + ").");
        }
        return known.id();
    }

    /** @throws Problem 404 if there is no such photo, 403 if it is someone else's */
    void delete(Viewer viewer, long id) throws SQLException {
        record Files(String picture, String thumbnail) {}
        Optional<Files> gone = database.first("DELETE FROM photos WHERE id = ? AND owner_id = ? RETURNING media, thumbnail",
                row -> new Files(row.getString(1), row.getString(2)), id, viewer.id());
        if (gone.isEmpty()) {
            photo(id, Optional.empty());
            throw new Problem(403, "Only its owner may delete photo " + id + ".");
        }
        media.forget(gone.get().picture());
        media.forget(gone.get().thumbnail());
    }
}
