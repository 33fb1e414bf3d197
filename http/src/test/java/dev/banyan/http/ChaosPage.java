package dev.banyan.http;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * One version of one URL's representation for {@link EdgeChaosTest}: all of it follows from these three, so that a client can tell each byte it gets from every other
 * version's.
 *
 * @param variant by {@code X-Kind}, where the URL varies; else ""
 */
record ChaosPage(String path, String variant, int version) {
    static final int PAGES = 14;

    static String path(int index) {
        return "/page-" + index;
    }

    static int index(String path) {
        return Integer.parseInt(path.substring("/page-".length()));
    }

    static boolean varies(String path) {
        return index(path) % 4 == 0;
    }

    private SplittableRandom random() {
        return new SplittableRandom((path + variant).hashCode() * 31L + version);
    }

    int length() {
        return switch (index(path) % 7) {
            case 0 -> 0;
            case 1, 2, 3 -> random().nextInt(3_000);
            case 4 -> random().nextInt(60_000, 250_000);
            case 5 -> random().nextInt(260_000, 600_000);
            default -> random().nextInt(1_100_000, 1_600_000);
        };
    }

    /** Mostly a page stays as cacheable as it was; sometimes the next version is not. */
    String control() {
        String[] all = {"max-age=60", "max-age=60", "max-age=1", "max-age=0, stale-while-revalidate=30", "max-age=0, stale-if-error=30", "no-cache", "private", "no-store", "public"};
        return all[Math.floorMod(index(path) + (random().nextInt(4) == 0 ? version : 0), all.length)];
    }

    boolean isPrivate() {
        return control().equals("private") || control().equals("no-store");
    }

    String etag() {
        return "\"" + (path + variant).hashCode() + "-" + version + "\"";
    }

    byte[] content() {
        byte[] line = (path + " " + variant + " " + version + " ").getBytes(StandardCharsets.US_ASCII);
        byte[] content = new byte[length()];
        for (int i = 0; i < content.length; i++) {
            int block = i / 64;
            int at = i % 64;
            content[i] = at < 4 ? (byte) (block >>> 8 * at) : line[at % line.length];
        }
        return content;
    }
}
