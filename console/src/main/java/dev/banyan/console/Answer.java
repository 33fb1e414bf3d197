package dev.banyan.console;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** What is sent back. */
sealed interface Answer {
    /** A whole body. */
    record Bytes(int status, String type, byte[] body, Map<String, String> headers) implements Answer {}

    /** A body that is written as it comes to be, on the request's own virtual thread; 200. */
    record Stream(String type, Writer writer, Runnable end) implements Answer {}

    static Answer json(int status, Object value) {
        return json(status, value, Map.of());
    }

    static Answer json(int status, Object value, Map<String, String> headers) {
        return new Bytes(status, "application/json", Json.write(value), headers);
    }

    static Answer problem(ProblemJson problem) {
        return problem(problem, Map.of());
    }

    static Answer problem(ProblemJson problem, Map<String, String> headers) {
        return new Bytes(problem.status(), "application/problem+json", Json.write(problem), headers);
    }

    /** Writes a body; returns when it is whole. */
    interface Writer {
        void write(OutputStream out) throws IOException;
    }
}
