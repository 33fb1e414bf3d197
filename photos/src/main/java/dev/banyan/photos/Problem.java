package dev.banyan.photos;

import java.util.Map;

/** An answer that is not success: its status and what a person can do about it. The API writes it as RFC 9457 problem JSON, a page as text. */
final class Problem extends RuntimeException {
    private static final Map<Integer, String> TITLES = Map.ofEntries(
            Map.entry(400, "Bad request"), Map.entry(401, "Sign in first"), Map.entry(403, "Not allowed"),
            Map.entry(404, "Not found"), Map.entry(405, "Method not allowed"), Map.entry(409, "Conflict"),
            Map.entry(413, "Too large"), Map.entry(415, "Unsupported kind of file"), Map.entry(422, "Cannot be processed"),
            Map.entry(429, "Too many requests"), Map.entry(500, "Our fault"), Map.entry(503, "Not available right now"));

    private final int status;

    Problem(int status, String detail) {
        super(detail, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }

    String title() {
        return TITLES.getOrDefault(status, "Problem");
    }

    static Problem notFound(String what) {
        return new Problem(404, what + " does not exist, or no longer.");
    }
}
