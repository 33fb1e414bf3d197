package dev.banyan.resp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** CLIENT TRACKING ON REDIRECT: the nodes know the router's connections, so the router itself tells the client that is named. */
class TrackingForAnotherTest {
    @Test
    void whatBecomesVoidIsToldToTheClientThatIsNamed_inItsOwnVersion() {
        try (RouterWithNodes world = RouterWithNodes.of(3)) {
            Talk reader = world.client();
            Talk told = world.client();
            Talk old = world.client();
            Talk writer = world.client();
            String key = world.keyAt(2, "k");
            told.ask("HELLO 3");
            reader.ask("HELLO 3");
            assertThat(reader.ask("CLIENT GETREDIR")).isEqualTo("-1");
            assertThat(reader.ask("CLIENT TRACKING ON REDIRECT 999999")).isEqualTo("-ERR The client ID you want redirect to does not exist");
            assertThat(reader.ask("CLIENT TRACKING ON REDIRECT x")).isEqualTo("-ERR value is not an integer or out of range");
            String id = told.ask("CLIENT ID");
            assertThat(reader.ask("CLIENT TRACKING ON REDIRECT " + id)).isEqualTo("OK");
            assertThat(reader.ask("CLIENT GETREDIR")).isEqualTo(id);
            reader.ask("GET " + key);
            writer.ask("SET " + key + " 1");
            assertThat(told.hear()).contains("invalidate").contains(key);

            String oldId = old.ask("CLIENT ID");
            old.ask("SUBSCRIBE __redis__:invalidate");
            assertThat(reader.ask("CLIENT TRACKING ON REDIRECT " + oldId)).isEqualTo("OK");
            assertThat(reader.ask("GET " + key)).isEqualTo("1");
            writer.ask("SET " + key + " 2");
            assertThat(old.hear()).contains("message __redis__:invalidate").contains(key);

            old.close();
            Await.until("it has left", () -> !writer.ask("CLIENT LIST").contains("id=" + oldId + " "));
            reader.ask("GET " + key);
            writer.ask("SET " + key + " 3");
            assertThat(reader.hear()).contains("tracking-redir-broken").contains(oldId);
        }
    }
}
