package dev.banyan.photos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The WebSocket, on two instances: what is done at one is heard at the other. */
final class LiveTest {
    private static final String BASE = TestPostgres.newDatabase();

    private WebServer one;
    private WebServer two;

    @BeforeEach
    void start() throws Exception {
        one = WebServer.start(TestPostgres.settings(BASE, "one"));
        two = WebServer.start(TestPostgres.settings(BASE, "two"));
    }

    @AfterEach
    void stop() throws InterruptedException {
        one.stop();
        two.stop();
    }

    /** A client that keeps what it hears. */
    private static final class Ear implements WebSocket.Listener {
        final BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private WebSocket socket;

        static Ear at(WebServer web, String header, String value) throws Exception {
            Ear ear = new Ear();
            ear.socket = HttpClient.newHttpClient().newWebSocketBuilder().header(header, value)
                    .buildAsync(URI.create("ws://127.0.0.1:" + web.port() + "/live"), ear).get();
            return ear;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard.add(new JsonMapper().readTree(text.toString()));
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        void say(String json) {
            socket.sendText(json, true).join();
        }

        JsonNode next() throws InterruptedException {
            JsonNode next = heard.poll(10, TimeUnit.SECONDS);
            assertThat(next).as("a message within 10 s").isNotNull();
            return next;
        }
    }

    @Test
    void greetsPongsAndEchoes_withoutASessionToo() throws Exception {
        Ear ear = Ear.at(one, "X-Test", "1");
        assertThat(ear.next().get("instance").asString()).isEqualTo("one");
        ear.say("{\"type\":\"ping\",\"id\":\"7\"}");
        JsonNode pong = ear.next();
        assertThat(pong.get("type").asString()).isEqualTo("pong");
        assertThat(pong.get("id").asString()).isEqualTo("7");
        ear.say("{\"type\":\"echo\",\"text\":\"grüße <b>\"}");
        assertThat(ear.next().get("text").asString()).isEqualTo("grüße <b>");
        ear.say("nonsense");
        assertThat(ear.next().get("type").asString()).isEqualTo("error");
        ear.say("{\"type\":\"shout\"}");
        assertThat(ear.next().get("type").asString()).isEqualTo("error");
    }

    @Test
    void tellsFollowersAtOtherInstances_andNobodyElse() throws Exception {
        Client star = Client.of(one).joined("star");
        Client fan = Client.of(one).joined("fan");
        Client stranger = Client.of(one).joined("stranger");
        fan.json("PUT", "/api/v1/users/star/follow", Map.of());
        Ear fans = Ear.at(two, "Authorization", authorization("fan"));
        Ear strangers = Ear.at(two, "Authorization", authorization("stranger"));
        assertThat(fans.next().get("user").asString()).isEqualTo("fan");
        strangers.next();
        long photo = star.uploaded("Brand new", 80);
        JsonNode event = fans.next();
        assertThat(event.get("type").asString()).isEqualTo("photo");
        assertThat(event.get("photoId").asLong()).isEqualTo(photo);
        assertThat(event.get("title").asString()).isEqualTo("Brand new");
        stranger.json("POST", "/api/v1/photos/" + photo + "/comments", Map.of("text", "from a stranger"));
        star.json("PUT", "/api/v1/photos/" + photo + "/like", Map.of());
        assertThat(fans.next().get("type").asString()).isEqualTo("like");
        strangers.say("{\"type\":\"ping\",\"id\":\"last\"}");
        assertThat(strangers.next().get("id").asString()).isEqualTo("last");
    }

    private String authorization(String name) throws Exception {
        return "Bearer " + Client.of(one).json("POST", "/api/v1/sessions", Map.of("name", name, "password", "correct horse"))
                .json().get("token").asString();
    }

    @Test
    void anotherSitesPageIsRefused() {
        assertThatThrownBy(() -> Ear.at(one, "Origin", "https://evil.example")).isInstanceOf(ExecutionException.class)
                .cause().isInstanceOfSatisfying(WebSocketHandshakeException.class, it -> assertThat(it.getResponse().statusCode()).isEqualTo(403));
    }

    /** Read by hand: the connection ends with the frame, and then the JDK's client may say 1006, for it keeps one status for both. */
    @Test
    void aStoppingInstanceSaysGoingAway() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", one.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(("GET /live HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            String head = "";
            while (!head.endsWith("\r\n\r\n")) {
                head += (char) in.readUnsignedByte();
            }
            assertThat(head).startsWith("HTTP/1.1 101 ");
            assertThat(in.readUnsignedByte()).as("a text, the greeting").isEqualTo(0x81);
            in.readFully(new byte[in.readUnsignedByte()]);
            one.stop();
            assertThat(in.readUnsignedByte()).as("a close").isEqualTo(0x88);
            assertThat(in.readUnsignedByte()).isGreaterThanOrEqualTo(2);
            assertThat(in.readUnsignedShort()).as("going away").isEqualTo(1001);
        }
    }
}
