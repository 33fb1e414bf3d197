package dev.banyan.sim;

/**
 * A request as a server reads it.
 *
 * @param length the body's bytes, or -1 when it is chunked
 */
record Question(String method, int id, int length) {
    static Question of(String head) {
        String[] line = head.substring(0, head.indexOf("\r\n")).split(" ");
        int length = 0;
        for (String field : head.split("\r\n")) {
            String lower = field.toLowerCase();
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            } else if (lower.equals("transfer-encoding: chunked")) {
                length = -1;
            }
        }
        return new Question(line[0], Integer.parseInt(line[1].substring(1)), length);
    }

    boolean idempotent() {
        return !method.equals("POST");
    }

    /** The bytes that the body takes with its framing, or -1 while it is not whole. */
    int bodyIn(StringBuilder received) {
        if (length >= 0) {
            return received.length() >= length ? length : -1;
        }
        int end = received.indexOf("0\r\n\r\n");
        // The content has no "0" before a line's end, so the first one is the last chunk's.
        return end < 0 ? -1 : end + 5;
    }

    void check(String body, Witness witness) {
        String content = length >= 0 ? body : body.replaceAll("(?m)^[0-9a-f]+\r\n", "").replace("\r\n", "");
        if (!content.equals(Content.question(id, content.length()))) {
            witness.wrong("request " + id + " reached a server with a foreign body");
        }
    }
}
