package dev.banyan.net;

import java.time.Duration;

/** What can be wrong with a connection's way, by intent. */
public sealed interface WireFault {
    /**
     * Each round trip takes longer: what this side sends, and its connecting, is held back by the whole of it, in order; what it receives is not.
     *
     * @param jitter up to so much more, by chance, for each write
     */
    record Latency(Duration latency, Duration jitter) implements WireFault {}

    /**
     * Bytes vanish in both directions and connecting hangs. A connection that lost some is reset when the fault ends: with a hole in it, what
     * follows could be read as something else.
     */
    record Drop() implements WireFault {}

    /** Connections are reset, and connecting is refused. */
    record Partition() implements WireFault {}
}
