package dev.banyan.postgres;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;

/**
 * Any bytes of a client that is logged in, and any bytes of a server as an answer (docs/fuzzing.md): no fault in the router, no buffer and no
 * server connection left, and the next client is served.
 */
class RouterFuzzTest {
    private static final String ENDED = "ended";

    @FuzzTest(maxDuration = "2m")
    void clientBytes(byte[] bytes) {
        String whole = client(bytes, Pieces.WHOLE);
        String cut = client(bytes, Pieces.random(bytes.length));
        // What ends the connection does not wait for answers that are under way.
        require(whole.equals(cut), "cut otherwise it is answered otherwise");
    }

    private static String client(byte[] bytes, Pieces pieces) {
        try (RouterWorld world = RouterWorld.of(0)) {
            FakeClient client = world.client().in(pieces);
            List<String> heard = client.ask(bytes);
            require(client.rest() == 0, "half a message");
            boolean ended = !client.isOpen();
            client.leave();
            require(world.busy("db-1") == 0, "a server connection is not given back");
            require(world.client().rows("select 'next'").equals(List.of("next")), "the next client is not served");
            return ended ? ENDED : String.join("\n", heard);
        }
    }

    @FuzzTest(maxDuration = "2m")
    void serverBytes(byte[] bytes) {
        for (int step : new int[] {Math.max(1, bytes.length), 1}) {
            try (RouterWorld world = RouterWorld.of(0)) {
                FakeClient client = world.client();
                client.query("select 'a'");
                world.primary().silent = true;
                client.send(Sent.query("insert into t values ('a')"), Sent.parse("s", "select 'b'"), Sent.run("s"));
                FakeBackend backend = world.primary().sessions().getFirst();
                for (int at = 0; at < bytes.length; at += step) {
                    backend.say(java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + step)));
                    world.settle();
                }
                backend.kill();
                world.primary().silent = false;
                client.leave();
                require(world.busy("db-1") == 0, "a server connection is not given back");
                require(world.client().rows("select 'next'").equals(List.of("next")), "the next client is not served");
            }
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
