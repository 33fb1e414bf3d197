package dev.banyan.drill;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A request as the bytes that go on the wire, made once and sent any number of times.
 *
 * @param step what it is part of; its row in the report
 * @param method in capitals
 * @param path with its query
 * @param wire head and body
 * @param idempotent whether sending it a second time does no harm: by its method (RFC 9110, section 9.2.2) or its Idempotency-Key
 * @param body what is done with the answer's body
 */
record Request(String step, String method, String path, byte[] wire, boolean idempotent, Body body) {
    enum Body {
        /** Only its length is counted. */
        COUNT,
        /** Kept in memory, up to {@link Answering#MOST_KEPT}. */
        KEEP,
        /** Hashed as it passes. */
        HASH
    }

    /** A header. */
    record Header(String name, String value) {}

    static Request get(String step, Target target, String path, Body body) {
        return of(step, target, "GET", path, body, List.of(), new byte[0]);
    }

    /**
     * @param path with its query, as it goes on the wire: no spaces, no line ends
     * @throws IllegalArgumentException when a part would break out of its line
     */
    static Request of(String step, Target target, String method, String path, Body body, List<Header> headers, byte[] content) {
        StringBuilder head = new StringBuilder(256);
        head.append(method).append(' ').append(plain(path, ' ')).append(" HTTP/1.1\r\nHost: ").append(target.authority());
        head.append("\r\nUser-Agent: banyan-load\r\nAccept: */*\r\n");
        headers.forEach(h -> head.append(plain(h.name(), ':')).append(": ").append(plain(h.value(), '\n')).append("\r\n"));
        boolean writes = !method.equals("GET");
        if (writes) {
            head.append("Content-Length: ").append(content.length).append("\r\n");
        }
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] wire = new byte[start.length + content.length];
        System.arraycopy(start, 0, wire, 0, start.length);
        System.arraycopy(content, 0, wire, start.length, content.length);
        boolean keyed = headers.stream().anyMatch(h -> h.name().equals("Idempotency-Key"));
        return new Request(step, method, path, wire, keyed || !method.equals("POST"), body);
    }

    /** Method and path; without the query, where addresses carry secrets. */
    String line() {
        int query = path.indexOf('?');
        return method + " " + (query < 0 ? path : path.substring(0, query));
    }

    private static String plain(String text, char forbidden) {
        if (text.isEmpty() || text.chars().anyMatch(c -> c == forbidden || c < ' ' || c > '~')) {
            throw new IllegalArgumentException("'" + text + "' cannot stand in a request's head");
        }
        return text;
    }
}
