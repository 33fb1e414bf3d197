package dev.banyan.http.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.banyan.http.wire.StructuredFields.Item;
import dev.banyan.http.wire.StructuredFields.Member;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parsers of field values that a stranger's bytes reach (docs/fuzzing.md). Holds for all: no exception, and the same whatever lies around the bytes.
 */
class ValuesFuzzTest {
    private static final int AROUND = 3;

    /** What is read is written, and what is written reads back; writing it again changes nothing. */
    @FuzzTest(maxDuration = "90s")
    void structuredField(byte[] bytes) {
        int to = AROUND + bytes.length;
        Optional<Item> item = StructuredFields.item(bytes, 0, bytes.length);
        require(item.equals(StructuredFields.item(among(bytes), AROUND, to)), "what lies around an item matters");
        Optional<List<Member>> list = StructuredFields.list(bytes, 0, bytes.length);
        require(list.equals(StructuredFields.list(among(bytes), AROUND, to)), "what lies around a list matters");
        Optional<Map<String, Member>> dictionary = StructuredFields.dictionary(bytes, 0, bytes.length);
        require(dictionary.equals(StructuredFields.dictionary(among(bytes), AROUND, to)), "what lies around a dictionary matters");
        require(item.isEmpty() || list.isPresent(), "an item that is no list of one");
        HeadBuffer out = new HeadBuffer();
        list.ifPresent(members -> {
            StructuredWriter.list(members, out);
            HeadBuffer again = new HeadBuffer();
            StructuredWriter.list(StructuredFields.list(out.bytes(), 0, out.length()).orElseThrow(), again);
            require(same(out, again), "a list that is written reads as another");
        });
        out.clear();
        dictionary.ifPresent(members -> {
            StructuredWriter.dictionary(members, out);
            HeadBuffer again = new HeadBuffer();
            StructuredWriter.dictionary(StructuredFields.dictionary(out.bytes(), 0, out.length()).orElseThrow(), again);
            require(same(out, again), "a dictionary that is written reads as another");
        });
    }

    /** More directives never make a response reusable for longer, nor in more ways; as a targeted field it is read or not there. */
    @FuzzTest(maxDuration = "90s")
    void cacheControl(byte[] bytes) {
        CacheControl alone = new CacheControl();
        alone.read(bytes, 0, bytes.length);
        CacheControl among = new CacheControl();
        among.read(among(bytes), AROUND, AROUND + bytes.length);
        require(told(alone).equals(told(among)), "what lies around it matters");
        CacheControl with = new CacheControl();
        byte[] strict = HeadBuffer.ascii("no-store, private, no-cache, max-age=1, s-maxage=1");
        with.read(strict, 0, strict.length);
        with.read(bytes, 0, bytes.length);
        require(with.noStore() && with.isPrivate() && with.noCache() && with.maxAge() <= 1 && with.sMaxAge() <= 1, "a directive was taken back");
        require(alone.maxAge() >= CacheControl.NONE && alone.maxAge() <= CacheControl.MOST_SECONDS, "an impossible lifetime");
        byte[] line = line("CDN-Cache-Control: ", bytes);
        Fields fields = new Fields();
        if (fields.read(line, 0, line.length, 100) == HeadVerdict.WHOLE) {
            boolean counts = TargetedCacheControl.read(fields, FieldName.CDN_CACHE_CONTROL, alone);
            require(counts || !alone.noStore() && alone.maxAge() == CacheControl.NONE, "a field that does not count says something");
        }
        byte[] surrogate = line("Surrogate-Control: ", bytes);
        if (fields.read(surrogate, 0, surrogate.length, 100) == HeadVerdict.WHOLE) {
            TargetedCacheControl.readSurrogate(fields, alone);
        }
    }

    /** Ranges lie within the representation, apart from each other. */
    @FuzzTest(maxDuration = "90s")
    void range(byte[] bytes) {
        ByteRanges ranges = new ByteRanges();
        ByteRanges among = new ByteRanges();
        require(ranges.read(bytes, 0, bytes.length) == among.read(among(bytes), AROUND, AROUND + bytes.length), "what lies around it matters");
        for (long length : new long[] {0, 1, 99, 10_000, Long.MAX_VALUE}) {
            ranges.resolve(length);
            among.resolve(length);
            require(ranges.toString().equals(among.toString()) && ranges.count() <= ByteRanges.MOST, "what lies around it matters");
            for (int i = 0; i < ranges.count(); i++) {
                require(ranges.first(i) >= 0 && ranges.first(i) < ranges.end(i) && ranges.end(i) <= length, "a range outside of the representation");
                for (int j = 0; j < i; j++) {
                    require(ranges.first(i) > ranges.end(j) || ranges.first(j) > ranges.end(i), "two ranges of the same bytes");
                }
            }
        }
        ContentRange.read(bytes, 0, bytes.length).ifPresent(range ->
                require(range.first() >= 0 && range.last() >= range.first() && (range.length() < 0 || range.length() > range.last()), "no range"));
    }

    /** A date that is read is written as one that reads as the same; lists of tags have the same tags wherever they lie. */
    @FuzzTest(maxDuration = "90s")
    void httpDate(byte[] bytes) {
        long now = 1_772_366_400_000L;
        long date = HttpDate.read(bytes, 0, bytes.length, now);
        require(date == HttpDate.read(among(bytes), AROUND, AROUND + bytes.length, now), "what lies around it matters");
        if (date != HttpDate.NONE) {
            HeadBuffer out = new HeadBuffer();
            HttpDate.write(date, out);
            require(HttpDate.read(out.bytes(), 0, out.length(), now) == date, "a date that is written reads as another");
        }
        boolean has = EntityTags.has(bytes, 0, bytes.length, "\"1\"", false);
        require(has == EntityTags.has(among(bytes), AROUND, AROUND + bytes.length, "\"1\"", false), "what lies around a tag matters");
        require(has || !EntityTags.has(bytes, 0, bytes.length, "\"1\"", true), "a tag that is strongly the same and weakly not");
    }

    private static String told(CacheControl control) {
        return control.noStore() + " " + control.noCache() + control.noCacheFields() + control.isPrivate() + control.privateFields() + control.isPublic() + control.mustRevalidate() + " "
                + control.maxAge() + " " + control.sMaxAge() + " " + control.staleIfError() + " " + control.staleWhileRevalidate() + " " + control.minFresh() + " " + control.maxStale();
    }

    private static byte[] among(byte[] bytes) {
        byte[] all = new byte[bytes.length + 2 * AROUND];
        Arrays.fill(all, (byte) '"');
        System.arraycopy(bytes, 0, all, AROUND, bytes.length);
        return all;
    }

    private static byte[] line(String name, byte[] value) {
        HeadBuffer out = new HeadBuffer();
        out.text(name).put(value).text("\r\n\r\n");
        return Arrays.copyOf(out.bytes(), out.length());
    }

    private static boolean same(HeadBuffer a, HeadBuffer b) {
        return Arrays.equals(a.bytes(), 0, a.length(), b.bytes(), 0, b.length());
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
