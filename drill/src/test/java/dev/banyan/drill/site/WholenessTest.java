package dev.banyan.drill.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.drill.site.SiteState.Node;
import java.util.List;
import org.junit.jupiter.api.Test;

class WholenessTest {
    private static final Node WEB_1 = new Node("web-1", "application", "up", 11);
    private static final Node WEB_2 = new Node("web-2", "application", "up", 12);
    private static final Node LEAVING = new Node("web-0", "application", "draining", 10);

    @Test
    void aServerThatLivesOnForItsWebSocketsAlone_isNoTrouble_andNothingToWaitFor() {
        assertThat(Wholeness.trouble(site(WEB_1, WEB_2, LEAVING))).isEmpty();
        Wholeness wholeness = new Wholeness(site(WEB_1, WEB_2, LEAVING), WEB_2);
        Node anew = new Node("web-2", "application", "up", 13);
        wholeness.look(site(WEB_1, anew, LEAVING));
        assertThat(wholeness.whole(site(WEB_1, anew, LEAVING), true)).isTrue();
    }

    @Test
    void aServerThatIsDown_startsOrIsMissingIsOne() {
        assertThat(Wholeness.trouble(site(WEB_1, new Node("web-2", "application", "down", 0), new Node("db-1", "database", "starting", 1)))).containsExactly("web-2 is down", "db-1 is starting");
        Wholeness wholeness = new Wholeness(site(WEB_1, WEB_2), WEB_2);
        wholeness.missed();
        assertThat(wholeness.whole(site(WEB_1), true)).isFalse();
        assertThat(wholeness.whole(site(WEB_1, new Node("web-2", "application", "draining", 12)), true)).as("what drains does not count for those who serve").isFalse();
    }

    private static SiteState site(Node... nodes) {
        return new SiteState("photos", 3, List.of(nodes), List.of());
    }
}
