package dev.banyan.photos;

import java.sql.SQLException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Serves pictures: immutable, so browsers keep them; conditional (304) and in ranges (206, 416). */
final class MediaActions {
    private static final Pattern FILE = Pattern.compile("[0-9a-f]{64}\\.(jpg|png|gif|webp)");

    private final MediaStore store;

    MediaActions(MediaStore store) {
        this.store = store;
    }

    void addTo(Routes routes) {
        routes.add("GET /media/{file}", this::file);
    }

    private Answer file(Exchange exchange) throws SQLException {
        String name = exchange.part("file");
        MediaStore.File file = (FILE.matcher(name).matches() ? store.find(name) : Optional.<MediaStore.File>empty())
                .orElseThrow(() -> Problem.notFound("The picture " + name));
        String etag = '"' + name.substring(0, 32) + '"';
        if (matches(exchange.header("If-None-Match"), etag)) {
            return Keeping.picture(Answer.empty(304), name, etag);
        }
        boolean fresh = exchange.header("If-Range") == null || exchange.header("If-Range").equals(etag);
        boolean get = exchange.method().equals("GET");
        return switch (ByteRange.of(fresh && get ? exchange.header("Range") : null, file.size())) {
            case ByteRange.Whole whole -> body(200, file, 0, file.size() - 1, etag);
            case ByteRange.Part part -> body(206, file, part.first(), part.last(), etag)
                    .with("Content-Range", "bytes " + part.first() + "-" + part.last() + "/" + file.size());
            case ByteRange.Unsatisfiable none -> Answer.problem(new Problem(416, "The picture has " + file.size() + " bytes."))
                    .with("Content-Range", "bytes */" + file.size());
        };
    }

    private Answer body(int status, MediaStore.File file, long first, long last, String etag) {
        Answer answer = new Answer(status, List.of(new Answer.Header("Content-Type", file.contentType())),
                new Answer.Body.Stream(last - first + 1, out -> store.write(file, first, last, out)));
        return Keeping.picture(answer, file.name(), etag).with("Accept-Ranges", "bytes")
                .with("Last-Modified", DateTimeFormatter.RFC_1123_DATE_TIME.format(file.createdAt().atOffset(ZoneOffset.UTC)))
                .with("Content-Security-Policy", "default-src 'none'");
    }

    /** If-None-Match compares weakly (RFC 9110, 13.1.2). */
    static boolean matches(String header, String etag) {
        return header != null && Arrays.stream(header.split(",")).map(String::strip)
                .anyMatch(each -> each.equals("*") || each.equals(etag) || each.equals("W/" + etag));
    }
}
