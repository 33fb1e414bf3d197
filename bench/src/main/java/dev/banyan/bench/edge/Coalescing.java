package dev.banyan.bench.edge;

import dev.banyan.bench.bed.LoneProgram;
import dev.banyan.bench.bed.Program;
import dev.banyan.bench.bed.TestBed;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A crowd that asks a cache for one object that it has not got: how many of them reach the origin. */
final class Coalescing {
    private static final int CACHE_CORE = 0;
    private static final int CROWD_CORE = 1;
    private static final int BYTES = 100 * 1024;
    /** All have been written by then; a cache that has not read them all by then is given this long to do so. */
    private static final int READING_SECONDS = 2;

    private Coalescing() {}

    /**
     * What became of them.
     *
     * @param requests that the origin got
     * @param whole clients that got the whole object
     * @param others clients that did not
     * @param millis from the first question to the last answer, the wait of {@value #READING_SECONDS} s at the origin in it
     */
    record Outcome(String cache, int clients, int requests, int whole, int others, long millis) {}

    /** @param name banyan, nginx or varnish */
    static Outcome of(TestBed bed, String name, int clients) throws IOException, InterruptedException {
        try (CountingOrigin origin = new CountingOrigin(BYTES)) {
            int port = TestBed.freePort();
            EdgePeers peers = new EdgePeers(bed.folder(), origin.port());
            try (Program cache = Program.start(bed, CACHE_CORE, name + "-coalescing", peers.toMeasure(name, port))) {
                Listening.await(name, cache, port);
                try (Program crowd = Program.startAsked(bed, CROWD_CORE, "crowd",
                        LoneProgram.command(CrowdOfClients.class, List.of(String.valueOf(port), String.valueOf(clients), "/cold", String.valueOf(BYTES))))) {
                    expect(crowd, "connected");
                    crowd.tell("ask");
                    expect(crowd, "asked");
                    TimeUnit.SECONDS.sleep(READING_SECONDS);
                    origin.answer();
                    String[] said = crowd.hear().split(" ");
                    return new Outcome(name, clients, origin.requests(), Integer.parseInt(said[0]), Integer.parseInt(said[1]), Long.parseLong(said[2]));
                }
            }
        }
    }

    private static void expect(Program crowd, String word) throws IOException {
        String said = crowd.hear();
        if (!said.equals(word)) {
            throw new IOException("the crowd of clients said '" + said + "', not '" + word + "': " + crowd.log());
        }
    }
}
