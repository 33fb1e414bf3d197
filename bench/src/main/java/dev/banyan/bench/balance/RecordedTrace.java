package dev.banyan.bench.balance;

import dev.banyan.balance.Hash64;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A trace from the front door's access log: JSON lines with {@code time} (when the request came, ISO 8601, or milliseconds of the epoch),
 * {@code ms} (how long it took), {@code path} (the key) and perhaps {@code waited_ms} (how long it waited before it was sent to a server). The
 * time a server took stands for the request's work; what it waited within that server counts as work.
 */
final class RecordedTrace {
    private static final int MOST_REQUESTS = 10_000_000;

    private RecordedTrace() {}

    private record Line(long atNanos, long workNanos, long key) {}

    /**
     * @param speedUp makes the arrivals come so many times as fast
     * @throws IllegalArgumentException when a line cannot be read, with its number, or when fewer than two can
     */
    static Trace read(Path file, double speedUp) throws IOException {
        List<Line> lines = lines(file);
        if (lines.size() < 2) {
            throw new IllegalArgumentException(file + " has " + lines.size() + " requests; a trace needs 2 or more");
        }
        lines.sort(Comparator.comparingLong(Line::atNanos));
        long first = lines.getFirst().atNanos();
        long[] at = lines.stream().mapToLong(line -> (long) ((line.atNanos() - first) / speedUp)).toArray();
        if (at[at.length - 1] == 0) {
            throw new IllegalArgumentException(file + ": all requests came at one instant; a trace needs some time between them");
        }
        return new Trace(at, lines.stream().mapToLong(Line::workNanos).toArray(), lines.stream().mapToLong(Line::key).toArray());
    }

    private static List<Line> lines(Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<Line> lines = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            int number = 0;
            for (String text = reader.readLine(); text != null && lines.size() < MOST_REQUESTS; text = reader.readLine()) {
                number++;
                if (!text.isBlank()) {
                    lines.add(line(json, text, file + " line " + number));
                }
            }
        }
        return lines;
    }

    private static Line line(ObjectMapper json, String text, String where) {
        try {
            JsonNode node = json.readTree(text);
            double millis = needed(node, "ms", where).asDouble() - node.path("waited_ms").asDouble(0);
            return new Line(nanos(needed(node, "time", where)), (long) Math.max(1, millis * 1e6), Hash64.of(needed(node, "path", where).asString()));
        } catch (JacksonException | DateTimeException e) {
            throw new IllegalArgumentException(where + " is not a line of the access log: " + e.getMessage(), e);
        }
    }

    private static JsonNode needed(JsonNode node, String field, String where) {
        JsonNode value = node.get(field);
        if (value == null) {
            throw new IllegalArgumentException(where + " has no field '" + field + "'; a trace needs time, ms and path");
        }
        return value;
    }

    private static long nanos(JsonNode time) {
        if (time.isNumber()) {
            return (long) (time.asDouble() * 1e6);
        }
        Instant at = Instant.parse(time.asString());
        return Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000_000L), at.getNano());
    }
}
