package dev.banyan.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PhotosAuditTest {
    private static final Ledger.Write LIKE = new Ledger.Write(1, "like", "k1", Map.of("user", "ann", "photo", "7"), true, "");
    private static final Ledger.Write COMMENT = new Ledger.Write(2, "comment", "annx2", Map.of("user", "ann", "photo", "7"), true, "17");

    private final Loops loops = Loops.open();

    @AfterEach
    void close() {
        loops.close();
    }

    @Test
    void aLikeThatIsNotShown_isLost_whenTheSessionIsValid() {
        assertThat(copies(LIKE, asked -> json("{\"liked\":false}"))).hasValue(0);
        assertThat(copies(LIKE, asked -> json("{\"liked\":true}"))).hasValue(1);
    }

    @Test
    void aLikeThatIsNotShown_tellsNothing_whenTheSessionIsNot() {
        assertThat(copies(LIKE, asked -> asked.path().endsWith("/me") ? Origin.Reply.of(401, "{}") : json("{\"liked\":false}"))).isEmpty();
    }

    @Test
    void aCommentThatIsNoLongerShownWithItsPhoto_isAskedForByItsId() {
        assertThat(copies(COMMENT, asked -> asked.path().equals("/api/v1/comments/17") ? json("{\"text\":\"nice annx2\"}") : json("{\"comments\":[]}"))).hasValue(1);
        assertThat(copies(COMMENT, asked -> asked.path().equals("/api/v1/comments/17") ? Origin.Reply.of(404, "{}") : json("{\"comments\":[]}"))).hasValue(0);
    }

    @Test
    void aCommentIsCountedByItsOwnKey_notByOneThatBeginsOrEndsLikeIt() {
        assertThat(copies(COMMENT, asked -> json("""
                {"comments":[{"text":"a annx2"},{"text":"b annx2"},{"text":"c annx22"},{"text":"d joannx2"}]}"""))).hasValue(2);
    }

    @Test
    void aSiteThatFails_tellsNothing() {
        assertThat(copies(LIKE, asked -> Origin.Reply.of(503, "later"))).isEmpty();
        assertThat(copies(COMMENT, asked -> json("{\"comments\":["))).isEmpty();
    }

    private OptionalInt copies(Ledger.Write write, Origin.Page page) {
        try (Origin origin = Origin.pages(loops, page)) {
            Target target = Target.of(origin.url("/"), Optional.empty());
            try (Client client = new Client(loops.transport(), target, Clock.system(), 4, Duration.ofSeconds(5).toNanos(), new Tally(Clock.system()))) {
                return new PhotosAudit(client, name -> new PhotosAudit.Session(new PhotosApi(target, new CookieJar(Clock.system())), "token")).copies(write);
            }
        }
    }

    private static Origin.Reply json(String body) {
        return Origin.Reply.of(200, body).with("Content-Type", "application/json");
    }
}
