package dev.banyan.photos;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Fills the database with a demo world that is always the same for the same numbers: user1 to userN (password {@link #PASSWORD}), the
 * first ones celebrities; pictures, likes, comments. Every row has a name of its own, so that a second run adds
 * nothing and a larger one adds the difference. Rows go in by the thousand, a transaction each.
 */
final class Seed {
    /** Public, and in the documentation. */
    static final String PASSWORD = "photos-demo";

    /** Few, so that a load test's thousands of logins measure the site and not the hash: this password is no secret. */
    private static final int PASSWORD_ROUNDS = 10_000;
    private static final int PICTURES = 64;
    private static final int BATCH = 2_000;
    private static final long LOCK = 0x73656564L;

    private final Database database;
    private final SeedSize size;
    private final PrintStream out;
    private int added;

    Seed(Database database, SeedSize size, PrintStream out) {
        this.database = database;
        this.size = size;
        this.out = out;
    }

    static void run(Settings settings, SeedSize size) throws IOException, SQLException, InterruptedException {
        try (Database database = Database.open(settings)) {
            Migrations.apply(database);
            new Seed(database, size, System.out).run();
        }
    }

    /** How many rows were added. */
    int run() throws SQLException {
        long start = System.nanoTime();
        long[] users = users();
        follows(users);
        long[] photos = size.photos() == 0 ? new long[0] : photos(users);
        likes(users, photos);
        comments(users, photos);
        out.printf("done in %.1f s: %d rows added. Log in as user1 to user%d, password %s%n",
                (System.nanoTime() - start) / 1e9, added, size.users(), PASSWORD);
        return added;
    }

    private long[] users() throws SQLException {
        String[] names = IntStream.rangeClosed(1, size.users()).mapToObj(i -> "user" + i).toArray(String[]::new);
        String[] displayNames = IntStream.range(0, size.users()).mapToObj(i -> SeedWords.FIRST.get(i * 7 % SeedWords.FIRST.size()) + " " + SeedWords.LAST.get(i * 5 % SeedWords.LAST.size()))
                .toArray(String[]::new);
        String password = new Passwords(PASSWORD_ROUNDS).hash(PASSWORD, "photos demo salt".getBytes(StandardCharsets.US_ASCII), PASSWORD_ROUNDS);
        step("users", connection -> Database.run(connection, """
                INSERT INTO users (name, display_name, password) SELECT name, display, ? FROM unnest(?, ?) AS t (name, display)
                ON CONFLICT DO NOTHING""", password, names, displayNames));
        return ids("SELECT u.id FROM users u JOIN unnest(?) WITH ORDINALITY AS t (name, n) ON t.name = u.name ORDER BY t.n", (Object) names);
    }

    private long[] ids(String sql, Object... values) throws SQLException {
        return database.list(sql, row -> row.getLong(1), values).stream().mapToLong(Long::longValue).toArray();
    }

    private void follows(long[] users) throws SQLException {
        RandomGenerator random = new SplittableRandom(size.seed());
        Zipf fame = new Zipf(users.length, size.follows());
        List<long[]> pairs = new ArrayList<>();
        for (int i = 0; i < users.length; i++) {
            Set<Integer> followed = new LinkedHashSet<>();
            int wanted = Math.min(users.length - 1, 5 + random.nextInt(25));
            for (int tries = 0; tries < 4 * wanted && followed.size() < wanted; tries++) {
                int rank = fame.next(random);
                if (rank != i) {
                    followed.add(rank);
                }
            }
            for (int rank : followed) {
                pairs.add(new long[] {users[i], users[rank]});
            }
        }
        pairs("follows", pairs, """
                WITH added AS (
                    INSERT INTO follows (follower_id, followee_id) SELECT * FROM unnest(?, ?) ON CONFLICT DO NOTHING RETURNING followee_id),
                counted AS (
                    UPDATE users SET followers = followers + n
                    FROM (SELECT followee_id, count(*) AS n FROM added GROUP BY 1) f WHERE id = followee_id)
                SELECT count(*) FROM added""");
    }

    private long[] photos(long[] users) throws SQLException {
        Set<String> there = new HashSet<>(database.list(
                "SELECT idempotency_key FROM photos WHERE idempotency_key LIKE 'seed-%' AND owner_id = ANY (?)", row -> row.getString(1), (Object) users));
        if (there.size() < size.photos()) {
            List<Drawn> pool = pictures();
            RandomGenerator random = new SplittableRandom(size.seed() + 1);
            Zipf activity = new Zipf(users.length, 0.5);
            for (int from = 0; from < size.photos(); from += BATCH) {
                insertPhotos(users, pool, there, random, activity, from, Math.min(size.photos(), from + BATCH));
            }
        }
        String[] keys = IntStream.range(0, size.photos()).mapToObj(i -> "seed-" + i).toArray(String[]::new);
        return ids("SELECT p.id FROM photos p JOIN unnest(?) AS t (key) ON t.key = p.idempotency_key WHERE p.owner_id = ANY (?) ORDER BY p.id", keys, users);
    }

    /** A picture of the pool: its files' names and its size as it is seen. */
    private record Drawn(Scene scene, byte[] picture, byte[] thumbnail, int width, int height) {}

    private List<Drawn> pictures() throws SQLException {
        int most = Math.min(PICTURES, size.photos());
        List<Drawn> drawn = IntStream.range(0, most).parallel().mapToObj(i -> {
            Scene scene = Scene.of(i);
            Picture picture = Picture.of(Drawing.jpeg(scene.draw(i, size.seed()), 0.85f));
            return new Drawn(scene, picture.bytes(), picture.thumbnail().bytes(), picture.width(), picture.height());
        }).toList();
        MediaStore store = new MediaStore(database, Cache.NONE);
        database.transaction(connection -> {
            for (Drawn each : drawn) {
                store.keep(connection, Picture.Kind.JPEG, each.picture());
                store.keep(connection, Picture.Kind.JPEG, each.thumbnail());
            }
            return null;
        });
        out.printf("%-10s %d drawn%n", "pictures", drawn.size());
        return drawn;
    }

    /** Made over the last sixty days, oldest first; each number decides its row alone, whatever is there already. */
    private void insertPhotos(long[] users, List<Drawn> pool, Set<String> there, RandomGenerator random, Zipf activity, int from, int to) throws SQLException {
        int n = to - from;
        long[] owners = new long[n];
        String[] titles = new String[n];
        String[] files = new String[n];
        String[] thumbnails = new String[n];
        long[] sizes = new long[n];
        String[] keys = new String[n];
        long[] ages = new long[n];
        for (int i = 0; i < n; i++) {
            int picture = random.nextInt(pool.size());
            Drawn drawn = pool.get(picture);
            owners[i] = users[activity.next(random)];
            titles[i] = drawn.scene().title(picture, random);
            files[i] = MediaStore.name(Picture.Kind.JPEG, drawn.picture());
            thumbnails[i] = MediaStore.name(Picture.Kind.JPEG, drawn.thumbnail());
            sizes[i] = (long) drawn.width() << 32 | drawn.height();
            keys[i] = there.contains("seed-" + (from + i)) ? null : "seed-" + (from + i);
            ages[i] = (long) (size.photos() - from - i) * 60 * 86_400 / size.photos();
        }
        step("photos", connection -> Database.run(connection, """
                WITH made AS (
                    INSERT INTO photos (owner_id, title, media, thumbnail, width, height, idempotency_key, created_at)
                    SELECT owner, title, file, thumbnail, size >> 32, size & 4294967295, key, now() - make_interval(secs => age)
                    FROM unnest(?, ?, ?, ?, ?, ?, ?) WITH ORDINALITY AS t (owner, title, file, thumbnail, size, key, age, n)
                    WHERE key IS NOT NULL ORDER BY n ON CONFLICT DO NOTHING RETURNING id),
                viewed AS (INSERT INTO photo_views (photo_id) SELECT id FROM made)
                INSERT INTO photo_counts (photo_id) SELECT id FROM made""", owners, titles, files, thumbnails, sizes, keys, ages));
    }

    private void likes(long[] users, long[] photos) throws SQLException {
        RandomGenerator random = new SplittableRandom(size.seed() + 2);
        int wanted = (int) Math.min(size.likes(), (long) users.length * photos.length / 2);
        if (wanted == 0) {
            return;
        }
        Zipf popularity = new Zipf(photos.length, 0.7);
        Set<Long> seen = new LinkedHashSet<>();
        for (long tries = 0; seen.size() < wanted && tries < 20L * wanted; tries++) {
            int photo = (int) (popularity.next(random) * 7919L % photos.length);
            seen.add((long) photo << 32 | random.nextInt(users.length));
        }
        pairs("likes", seen.stream().map(pair -> new long[] {photos[(int) (pair >> 32)], users[(int) (long) pair]}).toList(), """
                WITH added AS (
                    INSERT INTO likes (photo_id, user_id, created_at) SELECT photo, person, now() - interval '1 day' FROM unnest(?, ?) AS t (photo, person)
                    ON CONFLICT DO NOTHING RETURNING photo_id),
                counted AS (
                    INSERT INTO photo_counts (photo_id, likes) SELECT photo_id, count(*) FROM added GROUP BY 1 ORDER BY 1
                    ON CONFLICT (photo_id) DO UPDATE SET likes = photo_counts.likes + excluded.likes)
                SELECT count(*) FROM added""");
    }

    private void comments(long[] users, long[] photos) throws SQLException {
        RandomGenerator random = new SplittableRandom(size.seed() + 3);
        for (int from = 0; photos.length > 0 && from < size.comments(); from += BATCH) {
            int n = Math.min(BATCH, size.comments() - from);
            long[] on = new long[n];
            long[] by = new long[n];
            String[] texts = new String[n];
            String[] keys = new String[n];
            for (int i = 0; i < n; i++) {
                on[i] = photos[random.nextInt(photos.length)];
                by[i] = users[random.nextInt(users.length)];
                texts[i] = SeedWords.REMARKS.get(random.nextInt(SeedWords.REMARKS.size()));
                keys[i] = "seed-" + (from + i);
            }
            step("comments", connection -> Database.first(connection, """
                    WITH added AS (
                        INSERT INTO comments (photo_id, author_id, text, idempotency_key, created_at)
                        SELECT photo, author, text, key, (SELECT p.created_at + (now() - p.created_at) * 0.2 FROM photos p WHERE p.id = photo)
                        FROM unnest(?, ?, ?, ?) AS t (photo, author, text, key) ON CONFLICT DO NOTHING RETURNING photo_id),
                    counted AS (
                        INSERT INTO photo_counts (photo_id, comments) SELECT photo_id, count(*) FROM added GROUP BY 1 ORDER BY 1
                        ON CONFLICT (photo_id) DO UPDATE SET comments = photo_counts.comments + excluded.comments)
                    SELECT count(*) FROM added""", row -> row.getInt(1), on, by, texts, keys).orElse(0));
        }
    }

    private void pairs(String what, List<long[]> pairs, String sql) throws SQLException {
        for (int from = 0; from < pairs.size(); from += BATCH) {
            List<long[]> some = pairs.subList(from, Math.min(pairs.size(), from + BATCH));
            long[] left = some.stream().mapToLong(pair -> pair[0]).toArray();
            long[] right = some.stream().mapToLong(pair -> pair[1]).toArray();
            step(what, connection -> Database.first(connection, sql, row -> row.getInt(1), left, right).orElse(0));
        }
    }

    /** One batch; two seeds at a time take turns, so that they cannot lock each other out. */
    private void step(String what, Database.Work<Integer> work) throws SQLException {
        int rows = database.transaction((Connection connection) -> {
            Database.list(connection, "SELECT pg_advisory_xact_lock(?)", row -> "", LOCK);
            return work.with(connection);
        });
        added += rows;
        out.printf("%-10s %d added%n", what, rows);
    }
}
