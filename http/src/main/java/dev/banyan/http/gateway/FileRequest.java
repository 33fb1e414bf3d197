package dev.banyan.http.gateway;

import dev.banyan.http.wire.ByteRanges;
import dev.banyan.http.wire.EntityTags;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.HttpDate;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.http.wire.Method;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** A request for a file of a folder: what of its head matters, kept so that the disk may be asked on another thread. Immutable. */
public final class FileRequest {
    private static final LocalAnswer NOT_THERE = new LocalAnswer(404, "there is no such file", 0);
    private static final LocalAnswer ONLY_READ = new LocalAnswer(405, "files are only read here", 0).with(new FieldLine("Allow", "GET, HEAD"));
    private static final LocalAnswer WITH_BODY = new LocalAnswer(400, "a request for a file has no body", 0);
    private static final FieldLine RANGES = new FieldLine("Accept-Ranges", "bytes");
    private static final FieldLine NO_SNIFFING = new FieldLine("X-Content-Type-Options", "nosniff");
    private static final List<FieldName> CONDITIONS = List.of(FieldName.IF_NONE_MATCH, FieldName.IF_MODIFIED_SINCE, FieldName.RANGE, FieldName.IF_RANGE);

    private final StaticFolder folder;
    private final RouteTable table;
    private final Method method;
    private final List<byte[]> segments;
    private final boolean slashAtEnd;
    private final String withSlash;
    private final Map<FieldName, byte[]> conditions = new EnumMap<>(FieldName.class);

    /** @param depth how many segments are the route's own */
    FileRequest(StaticFolder folder, RouteTable table, RouteSearch search, int depth) {
        this.folder = folder;
        this.table = table;
        this.method = search.head().method();
        this.slashAtEnd = search.path.slashAtEnd() || search.path.count() == 0;
        this.segments = search.path.segments(depth);
        this.withSlash = withSlash(search);
        Fields fields = search.head().fields();
        for (FieldName name : CONDITIONS) {
            int field = fields.find(name);
            if (field >= 0) {
                conditions.put(name, fields.value(field).getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }

    private static String withSlash(RouteSearch search) {
        HeadBuffer out = new HeadBuffer();
        search.path.write(out);
        out.put('/');
        if (search.queryFrom() < search.head().targetEnd()) {
            out.put('?').put(search.head().bytes(), search.queryFrom(), search.head().targetEnd());
        }
        return new String(out.bytes(), 0, out.length(), StandardCharsets.ISO_8859_1);
    }

    /**
     * What is answered without looking: files are only read, by requests without a body. Null when it is to be looked up.
     *
     * @param bodiless whether the request has no body
     */
    public LocalAnswer refusal(boolean bodiless) {
        if (method != Method.GET && method != Method.HEAD) {
            return table.dress(ONLY_READ);
        }
        return bodiless ? null : table.dress(WITH_BODY);
    }

    /**
     * Looks the file up and opens it.
     *
     * @param blocking where the disk may be waited for, now and for what follows
     * @param nowMillis since 1970
     */
    public CompletionStage<FileAnswer> open(Executor blocking, long nowMillis) {
        return CompletableFuture.supplyAsync(() -> answer(blocking, nowMillis), blocking);
    }

    private FileAnswer answer(Executor blocking, long nowMillis) {
        return switch (folder.find(segments, slashAtEnd)) {
            case StaticFolder.Missing _ -> local(NOT_THERE);
            case StaticFolder.NeedsSlash _ -> new FileAnswer.Local(new LocalAnswer(308, "a folder's address ends with a slash", 0).with(new FieldLine("Location", withSlash)));
            case StaticFolder.File file -> answer(file, blocking, nowMillis);
        };
    }

    private FileAnswer local(LocalAnswer answer) {
        return new FileAnswer.Local(table.dress(answer));
    }

    private FileAnswer answer(StaticFolder.File file, Executor blocking, long nowMillis) {
        List<FieldLine> fields = new ArrayList<>(List.of(new FieldLine("ETag", file.tag()), new FieldLine("Last-Modified", date(file.modifiedMillis())), keeping()));
        if (unchanged(file, nowMillis)) {
            return new FileAnswer.Local(new LocalAnswer(304, "not changed", fields, new byte[0]));
        }
        fields.addAll(List.of(new FieldLine("Content-Type", MediaTypes.of(file.path().toString())), RANGES, NO_SNIFFING));
        long from = 0;
        long end = file.size();
        ByteRanges ranges = ranges(file, nowMillis);
        if (ranges.asked() > 0 && ranges.resolve(file.size()) == 0) {
            return local(new LocalAnswer(416, "the file has " + file.size() + " bytes", 0).with(new FieldLine("Content-Range", "bytes */" + file.size())));
        }
        if (ranges.count() == 1) {
            from = ranges.first(0);
            end = ranges.end(0);
            fields.add(new FieldLine("Content-Range", "bytes " + from + "-" + (end - 1) + "/" + file.size()));
        }
        return content(file, ranges.count() == 1 ? 206 : 200, fields, from, end, blocking);
    }

    private FileAnswer content(StaticFolder.File file, int status, List<FieldLine> fields, long from, long end, Executor blocking) {
        try {
            long readTo = method == Method.HEAD ? from : end;
            return new FileAnswer.Content(status, List.copyOf(fields), end - from, FileContent.open(file.path(), from, readTo, blocking));
        } catch (IOException gone) {
            return local(NOT_THERE);
        }
    }

    private FieldLine keeping() {
        Duration maxAge = folder.rule().maxAge();
        return new FieldLine("Cache-Control", maxAge.isZero() ? "no-cache" : "max-age=" + maxAge.toSeconds());
    }

    /** RFC 9110 section 13.2.2: a tag goes before a date. */
    private boolean unchanged(StaticFolder.File file, long nowMillis) {
        byte[] tags = conditions.get(FieldName.IF_NONE_MATCH);
        if (tags != null) {
            return EntityTags.has(tags, 0, tags.length, file.tag(), false);
        }
        byte[] since = conditions.get(FieldName.IF_MODIFIED_SINCE);
        return since != null && file.modifiedMillis() / 1000 <= Math.floorDiv(HttpDate.read(since, 0, since.length, nowMillis), 1000L);
    }

    /** Those that are asked for, unless they are of another form of the file (If-Range), or several: those are answered with the whole. */
    private ByteRanges ranges(StaticFolder.File file, long nowMillis) {
        ByteRanges ranges = new ByteRanges();
        byte[] range = conditions.get(FieldName.RANGE);
        byte[] condition = conditions.get(FieldName.IF_RANGE);
        if (range == null || method != Method.GET || !ranges.read(range, 0, range.length)) {
            ranges.clear();
        } else if (condition != null && !EntityTags.same(condition, 0, condition.length, file.tag(), true) && HttpDate.read(condition, 0, condition.length, nowMillis) / 1000 != file.modifiedMillis() / 1000) {
            ranges.clear();
        }
        return ranges;
    }

    private static String date(long millis) {
        HeadBuffer out = new HeadBuffer();
        HttpDate.write(millis, out);
        return new String(out.bytes(), 0, out.length(), StandardCharsets.US_ASCII);
    }
}
