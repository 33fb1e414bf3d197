package dev.banyan.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * One request of {@link EdgeChaosTest}, and what may be answered to it.
 *
 * @param more field lines, alternately names and values
 * @param floor the serial number that an answer must be above, since all before was purged before this was asked; unless it is an error
 */
record ChaosAsk(String method, String path, List<String> more, int floor) {
    static ChaosAsk any(SplittableRandom random, String me, AtomicIntegerArray floors) {
        int index = random.nextInt(ChaosPage.PAGES);
        List<String> more = new ArrayList<>(List.of("X-Me", me, "X-Kind", "abc".substring(random.nextInt(3)).substring(0, 1)));
        int wish = random.nextInt(20);
        switch (wish) {
            case 0 -> more.addAll(List.of("Cache-Control", "no-cache"));
            case 1 -> more.addAll(List.of("Cache-Control", "only-if-cached"));
            case 2 -> more.addAll(List.of("Cache-Control", "max-stale=5"));
            case 3 -> more.addAll(List.of("Authorization", "Basic " + me));
            case 4, 5, 6 -> more.addAll(List.of("Range", "bytes=" + random.nextInt(400) + "-" + (random.nextBoolean() ? "" : 400 + random.nextInt(100_000))));
            case 7 -> more.addAll(List.of("If-None-Match", new ChaosPage(ChaosPage.path(index), "", random.nextInt(4)).etag()));
            default -> { }
        }
        int method = random.nextInt(25);
        return new ChaosAsk(method == 0 ? "POST" : method < 3 ? "HEAD" : "GET", ChaosPage.path(index), List.copyOf(more), floors.get(index));
    }

    String head(int minor, boolean last) {
        StringBuilder text = new StringBuilder(method + " " + path + " HTTP/1." + minor + "\r\nHost: a\r\n" + (last ? "Connection: close\r\n" : "") + (method.equals("POST") ? "Content-Length: 0\r\n" : ""));
        for (int i = 0; i < more.size(); i += 2) {
            text.append(more.get(i)).append(": ").append(more.get(i + 1)).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    /** The field lines as HTTP/2 has them. */
    String[] lowered() {
        String[] lines = more.toArray(String[]::new);
        for (int i = 0; i < lines.length; i += 2) {
            lines[i] = lines[i].toLowerCase();
        }
        return lines;
    }

    boolean isHead() {
        return method.equals("HEAD");
    }

    private String said(String name) {
        int at = more.indexOf(name);
        return at < 0 ? "" : more.get(at + 1);
    }

    /**
     * Holds an answer against what the origin can have said.
     *
     * @param fields by names in small letters
     * @param whole whether the answer has ended as it should
     */
    void check(int status, Map<String, String> fields, byte[] body, boolean whole) {
        if (!fields.containsKey("x-page")) {
            require(status >= 500, "an answer of nobody's", status, fields);
            return;
        }
        require(fields.get("x-page").equals(path), "another URL's", status, fields);
        String variant = fields.get("x-variant");
        require(!ChaosPage.varies(path) || variant.equals(said("X-Kind")), "another variant", status, fields);
        ChaosPage page = new ChaosPage(path, variant, Integer.parseInt(fields.get("x-version")));
        require(!page.isPrivate() || fields.get("x-whom").equals(said("X-Me")), "another's page", status, fields);
        require(!fields.containsKey("set-cookie") || fields.get("set-cookie").equals("me=" + said("X-Me")), "another's cookie", status, fields);
        require(status == 503 || Integer.parseInt(fields.get("x-serial")) > floor, "older than its purge at " + floor, status, fields);
        switch (status) {
            case 200, 404, 503 -> content(page.content(), status, fields, body, whole);
            case 206 -> {
                require(!said("Range").isEmpty() && !isHead(), "a part that nobody asked for", status, fields);
                String range = fields.get("content-range").substring("bytes ".length());
                int from = Integer.parseInt(range.substring(0, range.indexOf('-')));
                int end = Integer.parseInt(range.substring(range.indexOf('-') + 1, range.indexOf('/'))) + 1;
                require(Integer.parseInt(range.substring(range.indexOf('/') + 1)) == page.length(), "a part of another version", status, fields);
                content(Arrays.copyOfRange(page.content(), from, end), status, fields, body, whole);
            }
            case 304 -> require(said("If-None-Match").contains(page.etag()), "not asked whether it is so", status, fields);
            case 416 -> require(!said("Range").isEmpty(), "no range was asked for", status, fields);
            default -> require(false, "no such answer", status, fields);
        }
    }

    private void content(byte[] expected, int status, Map<String, String> fields, byte[] body, boolean whole) {
        String length = fields.get("content-length");
        require(length == null || Integer.parseInt(length) == expected.length, "of another length than " + expected.length, status, fields);
        if (isHead()) {
            require(body.length == 0, "content after a HEAD", status, fields);
            return;
        }
        int same = Arrays.mismatch(expected, body);
        boolean beginning = same < 0 || same == body.length;
        require(beginning, "other bytes from " + same + " on, of " + body.length + " that came and " + expected.length + " due", status, fields);
        require(!whole || body.length == expected.length, "looks whole with " + body.length + " of " + expected.length + " bytes", status, fields);
    }

    private void require(boolean holds, String fault, int status, Map<String, String> fields) {
        if (!holds) {
            throw new AssertionError(fault + ": " + this + " was answered " + status + " " + fields);
        }
    }
}
