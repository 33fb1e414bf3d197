package dev.banyan.http;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.github.luben.zstd.util.Native;
import dev.banyan.topology.Compression.Coding;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The coders of one IO loop, kept for the next answer, for each has up to a megabyte of native memory. Owned by that loop. */
final class Coders implements AutoCloseable {
    /** More answers at a time go out as they are: a loop's memory for compressing is bounded by about 250 MB. */
    static final int MOST_IN_USE = 256;

    private static final int MOST_KEPT = 8;
    private static final List<Coding> AVAILABLE = Arrays.stream(Coding.values()).filter(Coders::loads).toList();

    private final Map<Coding, Deque<Coder>> kept = new EnumMap<>(Coding.class);
    private int inUse;

    /** The codings that this machine has: those whose native library loads, and gzip. */
    static List<Coding> available() {
        return AVAILABLE;
    }

    private static boolean loads(Coding coding) {
        try {
            switch (coding) {
                case BR -> Brotli4jLoader.ensureAvailability();
                case ZSTD -> Native.load();
                case GZIP -> { }
            }
            return true;
        } catch (LinkageError | RuntimeException e) {
            return false;
        }
    }

    /** A coder that has begun, or null when too many are in use. */
    Coder lease(Coding coding) {
        if (inUse == MOST_IN_USE) {
            return null;
        }
        inUse++;
        Coder coder = kept.computeIfAbsent(coding, _ -> new ArrayDeque<>()).poll();
        if (coder == null) {
            coder = switch (coding) {
                case BR -> new BrotliCoder();
                case ZSTD -> new ZstdCoder();
                case GZIP -> new GzipCoder();
            };
        }
        coder.begin();
        return coder;
    }

    void giveBack(Coding coding, Coder coder) {
        inUse--;
        Deque<Coder> others = kept.get(coding);
        if (others.size() < MOST_KEPT) {
            others.push(coder);
        } else {
            coder.close();
        }
    }

    int inUse() {
        return inUse;
    }

    @Override
    public void close() {
        kept.values().forEach(coders -> coders.forEach(Coder::close));
        kept.clear();
    }
}
