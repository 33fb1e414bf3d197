package dev.banyan.photos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SeedTest {
    private static final PrintStream QUIET = new PrintStream(OutputStream.nullOutputStream());
    private static final SeedSize SMALL = SeedSize.parse(List.of("--users", "30", "--photos", "20", "--likes", "150", "--comments", "40"));

    @Test
    void makesAWorldWithCelebrities_andASecondRunAddsNothing() throws Exception {
        Settings settings = TestPostgres.settings(TestPostgres.newDatabase(), "seed");
        try (Database database = Database.open(settings)) {
            assertThat(Migrations.apply(database)).isEqualTo(2);
            assertThat(Migrations.apply(database)).isZero();
            int added = new Seed(database, SMALL, QUIET).run();
            assertThat(added).isEqualTo(rows(database)).isGreaterThan(30 + 20 + 150 + 40);
            assertThat(new Seed(database, SMALL, QUIET).run()).isZero();
            assertThat(rows(database)).isEqualTo(added);
            SeedSize larger = new SeedSize(30, 25, 150, 50, 1.1, 1);
            assertThat(new Seed(database, larger, QUIET).run()).isGreaterThanOrEqualTo(5 + 10);
            assertCounters(database);
            List<Integer> followers = database.list("SELECT followers FROM users ORDER BY id", row -> row.getInt(1));
            assertThat(followers.getFirst()).isGreaterThan(followers.get(14) + 5);
        }
        WebServer web = WebServer.start(settings);
        try {
            assertThat(Client.of(web).json("POST", "/api/v1/sessions", Map.of("name", "user1", "password", Seed.PASSWORD)).status()).isEqualTo(201);
            String url = Client.of(web).get("/api/v1/explore?limit=1").json().get("photos").get(0).get("url").asString();
            assertThat(Picture.of(Client.of(web).get(url).response().body()).kind()).isEqualTo(Picture.Kind.JPEG);
        } finally {
            web.stop();
        }
    }

    private static int rows(Database database) throws Exception {
        return database.first("""
                SELECT (SELECT count(*) FROM users) + (SELECT count(*) FROM photos) + (SELECT count(*) FROM follows)
                     + (SELECT count(*) FROM likes) + (SELECT count(*) FROM comments)""", row -> row.getInt(1)).orElseThrow();
    }

    private static void assertCounters(Database database) throws Exception {
        assertThat(database.first("""
                SELECT count(*) FROM photos p LEFT JOIN photo_counts c ON c.photo_id = p.id WHERE c.likes IS NULL OR c.likes <> (SELECT count(*) FROM likes WHERE photo_id = p.id)
                    OR c.comments <> (SELECT count(*) FROM comments WHERE photo_id = p.id)""", row -> row.getInt(1))).contains(0);
        assertThat(database.first("""
                SELECT count(*) FROM users u WHERE followers <> (SELECT count(*) FROM follows WHERE followee_id = u.id)""",
                row -> row.getInt(1))).contains(0);
    }

    @Test
    void drawsTheSamePictureForTheSameNumber() {
        assertThat(Drawing.jpeg(Scene.of(3).draw(3, 1), 0.8f)).isEqualTo(Drawing.jpeg(Scene.of(3).draw(3, 1), 0.8f));
        assertThat(Drawing.jpeg(Scene.of(3).draw(3, 1), 0.8f)).isNotEqualTo(Drawing.jpeg(Scene.of(3).draw(3, 2), 0.8f));
    }

    @Test
    void refusesOptionsItDoesNotKnow() {
        assertThatIllegalArgumentException().isThrownBy(() -> SeedSize.parse(List.of("--user", "3"))).withMessageContaining("--users");
        assertThatIllegalArgumentException().isThrownBy(() -> SeedSize.parse(List.of("--users"))).withMessageContaining("needs a number");
        assertThatIllegalArgumentException().isThrownBy(() -> SeedSize.parse(List.of("--users", "many"))).withMessageContaining("'many'");
        assertThatIllegalArgumentException().isThrownBy(() -> SeedSize.parse(List.of("--users", "1"))).withMessageContaining("2 to");
    }
}
