package dev.banyan.http.cache;

/** What a response's status means to a cache (RFC 9110 section 15). */
final class Statuses {
    private Statuses() {}

    /** Whether the cache knows what it asks of caches (RFC 9111 section 5.2.2.3, {@code must-understand}). */
    static boolean understood(int status) {
        return switch (status) {
            case 200, 201, 202, 203, 204, 205, 206, 300, 301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416,
                    417, 421, 422, 426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 511 -> true;
            default -> false;
        };
    }

    /** Whether its lifetime may be guessed (RFC 9110 section 15.1). */
    static boolean heuristic(int status) {
        return switch (status) {
            case 200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501 -> true;
            default -> false;
        };
    }

    /** Whether it says what is wrong with one request, its credentials, its range, its size, and nothing of the URL for others. */
    static boolean ofOneRequest(int status) {
        return switch (status) {
            case 401, 407, 408, 411, 412, 413, 416, 417, 421, 425, 426, 428, 429, 431 -> true;
            default -> false;
        };
    }

    static boolean error(int status) {
        return status >= 400;
    }

    /** Whether a stored response may stand in for it (RFC 9111 section 4.3.3, RFC 5861 section 4). */
    static boolean failure(int status) {
        return status == 500 || status == 502 || status == 503 || status == 504;
    }
}
