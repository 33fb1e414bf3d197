package dev.banyan.bench.edgekills;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What clients ask for: objects of three kinds, whose content says which one it is.
 */
enum Wanted {
    /** Fresh for longer than any run. */
    FRESH("max-age=3600"),
    /** Stale after a second, and then good for an hour without the origin. */
    SOON_STALE("max-age=1, stale-while-revalidate=1, stale-if-error=3600"),
    /** For nobody to store. */
    OWN("private, no-store");

    private static final int BYTES = 4_000;

    private final String cacheControl;

    Wanted(String cacheControl) {
        this.cacheControl = cacheControl;
    }

    String cacheControl() {
        return cacheControl;
    }

    boolean storable() {
        return this != OWN;
    }

    String path(int number) {
        return "/" + name().toLowerCase(java.util.Locale.ROOT) + "/" + number;
    }

    /** The kind of a path. */
    static Wanted of(String path) {
        return path.startsWith(FRESH.path(0).substring(0, 4)) ? FRESH : path.startsWith(OWN.path(0).substring(0, 4)) ? OWN : SOON_STALE;
    }

    /** What a whole answer for a path holds. */
    static byte[] content(String path) {
        return (path + "\n").repeat(BYTES / (path.length() + 1) + 1).getBytes(StandardCharsets.US_ASCII);
    }

    /** The paths of all kinds that may be stored. */
    static List<String> storable(int ofEach) {
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < ofEach; i++) {
            paths.add(FRESH.path(i));
            paths.add(SOON_STALE.path(i));
        }
        return paths;
    }
}
