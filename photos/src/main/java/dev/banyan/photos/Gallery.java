package dev.banyan.photos;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Photos and the lists of them. Lists go by keyset: ids grow with time, so "older than id X" is an index range however deep one
 * scrolls, and nothing is shown twice while new photos come in.
 */
final class Gallery {
    static final int SLICE = 24;
    static final int MOST_IN_SLICE = 100;

    /** What surrounds the choice of rows: their owner, and what is counted of them. */
    private static final String WHOLE = """
            SELECT p.id, p.title, p.owner_id, u.name, u.display_name, p.media, p.thumbnail, p.width, p.height, p.created_at, c.likes, c.comments, v.views
            FROM (%s) p JOIN users u ON u.id = p.owner_id LEFT JOIN photo_counts c ON c.photo_id = p.id
            LEFT JOIN photo_views v ON v.photo_id = p.id ORDER BY p.id DESC""";

    private final Database database;
    private final Cache cache;
    private final ViewCount views;
    private final Announcer announcer;
    private final MediaStore media;

    Gallery(Database database, Cache cache, ViewCount views, Announcer announcer, MediaStore media) {
        this.database = database;
        this.cache = cache;
        this.views = views;
        this.announcer = announcer;
        this.media = media;
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

        /** As most ask; only such lists are worth keeping. */
        private boolean usual() {
            return before == Long.MAX_VALUE && limit == SLICE;
        }
    }

    PhotoView.Slice newest(Ask ask) throws SQLException {
        return list(ask, "explore:" + SLICE, () -> photos("SELECT * FROM photos WHERE id < ? ORDER BY id DESC LIMIT ?", ask.before(), ask.limit()));
    }

    /**
     * The photos of those whom the viewer follows, and the viewer's own. Each of them gives at most one slice of ids from the index
     * (owner_id, id), and the newest of all of those win: the work grows with how many one follows, never with how many photos or followers a
     * celebrity has. Ids alone, because that index holds all that is asked: with whole rows the planner may rather sort all of someone's photos.
     */
    PhotoView.Slice feed(Viewer viewer, Ask ask) throws SQLException {
        return list(ask, "feed:" + viewer.id(), () -> photos("""
                SELECT * FROM photos WHERE id IN (
                    SELECT p.id FROM (SELECT followee_id FROM follows WHERE follower_id = ? UNION ALL SELECT ?) f
                    CROSS JOIN LATERAL (
                        SELECT id FROM photos WHERE owner_id = f.followee_id AND id < ? ORDER BY id DESC LIMIT ?) p
                    ORDER BY p.id DESC LIMIT ?)""", viewer.id(), viewer.id(), ask.before(), ask.limit(), ask.limit()));
    }

    PhotoView.Slice of(long owner, Ask ask) throws SQLException {
        return list(ask, "photos-of:" + owner, () -> photos(
                "SELECT * FROM photos WHERE owner_id = ? AND id < ? ORDER BY id DESC LIMIT ?", owner, ask.before(), ask.limit()));
    }

    /** Photos whose titles have every word of the query, in any of its English forms. */
    PhotoView.Slice search(String query, Ask ask) throws SQLException {
        String words = SearchQuery.of(query);
        if (words.isEmpty()) {
            return new PhotoView.Slice(List.of(), null);
        }
        return uncached(ask, () -> photos("SELECT * FROM photos WHERE words @@ to_tsquery('english', ?) AND id < ? ORDER BY id DESC LIMIT ?",
                words, ask.before(), ask.limit()));
    }

    PhotoView photo(long id, Optional<Viewer> viewer) throws SQLException {
        Cache.Found found = viewer.isPresent() ? cache.ask(key(id), Counters.likes(id), Social.liked(viewer.get())) : cache.ask(key(id), Counters.likes(id));
        Photo photo = found.document(key(id), Photo.class, () -> stored(id));
        Photo now = photo.liked(found.number(Counters.likes(id)).orElse(photo.likes()));
        return PhotoView.of(now, liked(viewer, List.of(now), found));
    }

    private static String key(long photo) {
        return "photo:" + photo;
    }

    /** @throws Problem 404 if there is no such photo */
    void mustExist(long id) throws SQLException {
        cache.read(key(id), Photo.class, () -> stored(id));
    }

    /** The same, and it has been looked at. */
    PhotoView open(long id, Optional<Viewer> viewer) throws SQLException {
        PhotoView photo = photo(id, viewer);
        views.seen(id);
        return photo;
    }

    private Photo stored(long id) throws SQLException {
        return photos("SELECT * FROM photos WHERE id = ?", id).photos().stream().findFirst().orElseThrow(() -> Problem.notFound("Photo " + id));
    }

    private PhotoView.Slice list(Ask ask, String key, Cache.Load<Photo.Photos> load) throws SQLException {
        return ask.usual() ? slice(ask, key, load) : uncached(ask, load);
    }

    private PhotoView.Slice uncached(Ask ask, Cache.Load<Photo.Photos> load) throws SQLException {
        return slice(ask, load.load(), ask.viewer().map(viewer -> cache.ask(Social.liked(viewer))).orElse(Cache.Found.NOTHING));
    }

    private PhotoView.Slice slice(Ask ask, String key, Cache.Load<Photo.Photos> load) throws SQLException {
        Cache.Found found = ask.viewer().isPresent() ? cache.ask(key, Social.liked(ask.viewer().get())) : cache.ask(key);
        return slice(ask, found.document(key, Photo.Photos.class, load), found);
    }

    private PhotoView.Slice slice(Ask ask, Photo.Photos some, Cache.Found found) throws SQLException {
        List<Photo> photos = some.photos();
        Set<Long> liked = liked(ask.viewer(), photos, found);
        return new PhotoView.Slice(photos.stream().map(photo -> PhotoView.of(photo, liked)).toList(), photos.size() == ask.limit() ? photos.getLast().id() : null);
    }

    /** Which of these the viewer likes. */
    private Set<Long> liked(Optional<Viewer> viewer, List<Photo> photos, Cache.Found found) throws SQLException {
        if (viewer.isEmpty() || photos.isEmpty()) {
            return Set.of();
        }
        List<Long> ids = photos.stream().map(Photo::id).toList();
        Optional<Ids> known = found.document(Social.liked(viewer.get()), Ids.class).filter(Ids::all);
        return known.isPresent() ? known.get().among(ids) : Set.copyOf(database.list(
                "SELECT photo_id FROM likes WHERE user_id = ? AND photo_id = ANY (?)", row -> row.getLong(1),
                viewer.get().id(), ids.stream().mapToLong(Long::longValue).toArray()));
    }

    private Photo.Photos photos(String rows, Object... values) throws SQLException {
        return new Photo.Photos(database.list(WHOLE.formatted(rows), Gallery::photo, values));
    }

    private static Photo photo(ResultSet row) throws SQLException {
        return new Photo(row.getLong(1), row.getString(2), row.getLong(3), row.getString(4), row.getString(5),
                MediaStore.url(row.getString(6)), MediaStore.url(row.getString(7)), row.getInt(8), row.getInt(9),
                row.getObject(10, OffsetDateTime.class).toInstant(), row.getLong(11), row.getLong(12), row.getLong(13));
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
        changed(viewer);
        made.ifPresent(id -> announcer.announce(
                new Event("photo", viewer.id(), viewer.name(), viewer.displayName(), id, title, viewer.id(), "")));
        return made.isPresent() ? made.get() : replayed(viewer, title, key);
    }

    private static Optional<Long> insert(Connection connection, Viewer viewer, String title, String file, String small,
            Picture picture, String key) throws SQLException {
        return Database.first(connection, """
                WITH made AS (
                    INSERT INTO photos (owner_id, title, media, thumbnail, width, height, idempotency_key)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (owner_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING RETURNING id),
                viewed AS (INSERT INTO photo_views (photo_id) SELECT id FROM made)
                INSERT INTO photo_counts (photo_id) SELECT id FROM made RETURNING photo_id""",
                row -> row.getLong(1), viewer.id(), title, file, small, picture.width(), picture.height(), key);
    }

    /** What this viewer is shown next has the change in it; everyone else sees it as soon as the database's changes reach the cache. */
    private void changed(Viewer viewer) {
        cache.forget("feed:" + viewer.id(), "photos-of:" + viewer.id(), "profile:" + viewer.id(), "explore:" + SLICE);
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
        Optional<Files> gone = database.first("""
                WITH gone AS (DELETE FROM photos WHERE id = ? AND owner_id = ? RETURNING id, media, thumbnail),
                counts AS (DELETE FROM photo_counts WHERE photo_id IN (SELECT id FROM gone)),
                views AS (DELETE FROM photo_views WHERE photo_id IN (SELECT id FROM gone))
                SELECT media, thumbnail FROM gone""",
                row -> new Files(row.getString(1), row.getString(2)), id, viewer.id());
        if (gone.isEmpty()) {
            mustExist(id);
            throw new Problem(403, "Only its owner may delete photo " + id + ".");
        }
        cache.forget(key(id));
        changed(viewer);
        media.forget(gone.get().picture());
        media.forget(gone.get().thumbnail());
    }
}
