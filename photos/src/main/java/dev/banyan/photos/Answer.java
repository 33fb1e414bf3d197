package dev.banyan.photos;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a request gets back: a value, so that it can be tested without a network. */
record Answer(int status, List<Header> headers, Body body) {
    record Header(String name, String value) {}

    /** The body: none, bytes in memory, or bytes written piece by piece as the client takes them. */
    sealed interface Body {
        record None() implements Body {}

        record Bytes(byte[] bytes) implements Body {}

        record Stream(long length, Writer writer) implements Body {}
    }

    /** Writes exactly the promised number of bytes; blocks while the client is slow. */
    interface Writer {
        void to(OutputStream out) throws IOException;
    }

    Answer {
        headers = List.copyOf(headers);
    }

    static Answer empty(int status) {
        return new Answer(status, List.of(), new Body.None());
    }

    static Answer page(int status, Html html) {
        return bytes(status, "text/html; charset=utf-8", html.toString().getBytes(StandardCharsets.UTF_8));
    }

    static Answer json(int status, Object value) {
        return bytes(status, "application/json", Json.write(value));
    }

    static Answer problem(Problem problem) {
        Answer answer = bytes(problem.status(), "application/problem+json", Json.write(Map.of(
                "title", problem.title(), "status", problem.status(), "detail", problem.getMessage())));
        return problem.status() == 401 ? answer.with("WWW-Authenticate", "Bearer") : answer;
    }

    /** 303: whatever the method was, GET that page now. */
    static Answer seeOther(String path) {
        return empty(303).with("Location", path);
    }

    static Answer bytes(int status, String type, byte[] bytes) {
        return new Answer(status, List.of(new Header("Content-Type", type)), new Body.Bytes(bytes));
    }

    Answer with(String name, String value) {
        List<Header> more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new Answer(status, more, body);
    }

    boolean has(String name) {
        return headers.stream().anyMatch(header -> header.name().equalsIgnoreCase(name));
    }
}
