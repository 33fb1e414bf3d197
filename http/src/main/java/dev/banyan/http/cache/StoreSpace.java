package dev.banyan.http.cache;

import dev.banyan.topology.ByteSize;
import io.netty.util.internal.PlatformDependent;
import java.util.Optional;

/**
 * How much the stores of one process may keep in memory: their contents lie outside the heap, where the JVM lets a program have so much and no more
 * ({@code -XX:MaxDirectMemorySize}; the heap's size, {@code -Xmx}, where that is not given), and connections need some of it too.
 */
public final class StoreSpace {
    /** Of what may be had: a part for connections, which they share with what comes and goes. */
    private static final int CONNECTIONS_PART = 8;
    /** On top of a store's memory: what waits to be written to disk. */
    private static final int PENDING_PART = 8;
    private static final long MEBIBYTE = 1 << 20;

    private StoreSpace() {}

    /**
     * Why stores do not fit into this process, as a sentence with the next step; empty when they do.
     *
     * @param stores how many there are together
     * @param memory of each
     * @param onDisk whether they have a disk tier
     */
    public static Optional<String> lacking(int stores, ByteSize memory, boolean onDisk) {
        return lacking(stores, memory, onDisk, PlatformDependent.maxDirectMemory());
    }

    static Optional<String> lacking(int stores, ByteSize memory, boolean onDisk, long limit) {
        double needed = (double) stores * memory.bytes() * (onDisk ? 1 + 1.0 / PENDING_PART : 1);
        double most = limit - (double) limit / CONNECTIONS_PART;
        if (limit <= 0 || needed <= most) {
            return Optional.empty();
        }
        long enough = (long) Math.ceil(needed * CONNECTIONS_PART / (CONNECTIONS_PART - 1) / MEBIBYTE);
        return Optional.of("edge.memory is " + memory + (stores == 1 ? "" : " for each of " + stores + " caches (edges and shield)") + (onDisk ? ", and an eighth more for what waits to be written to disk" : "")
                + ": that is " + mebibytes(needed) + ", and this process may keep " + mebibytes(most) + " outside its heap; start it with BANYAN_JAVA_OPTS=-XX:MaxDirectMemorySize=" + enough + "m, or say less");
    }

    private static String mebibytes(double bytes) {
        return (long) Math.floor(bytes / MEBIBYTE) + " MiB";
    }
}
