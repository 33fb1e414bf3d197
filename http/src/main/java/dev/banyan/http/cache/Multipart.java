package dev.banyan.http.cache;

import static dev.banyan.http.wire.HeadBuffer.ascii;

import dev.banyan.http.wire.ByteRanges;
import dev.banyan.http.wire.ContentRange;
import dev.banyan.http.wire.HeadBuffer;

/**
 * A body of several ranges, {@code multipart/byteranges} (RFC 9110 section 14.6): before the bytes of each range its {@link #head}, after the last the
 * {@link #end}.
 *
 * @param boundary of 1 to 70 letters and digits that the content does not have behind a line end; drawn by chance
 * @param type the representation's own {@code Content-Type}, "" when it has none
 * @param length of the representation, -1 when it is not known
 */
public record Multipart(String boundary, String type, long length) {
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] DASHES = ascii("--");

    /** The {@code Content-Type} of the whole answer. */
    public String contentType() {
        return "multipart/byteranges; boundary=" + boundary;
    }

    /** Writes what stands before a range's bytes. */
    public void head(ByteRanges ranges, int range, HeadBuffer out) {
        out.put(CRLF, 0, range == 0 ? 0 : CRLF.length).put(DASHES).text(boundary).put(CRLF);
        if (!type.isEmpty()) {
            out.text("Content-Type: ").text(type).put(CRLF);
        }
        ContentRange.write(ranges.first(range), ranges.end(range) - 1, length, out);
        out.put(CRLF);
    }

    /** Writes what stands after the last range's bytes. */
    public void end(HeadBuffer out) {
        out.put(CRLF).put(DASHES).text(boundary).put(DASHES).put(CRLF);
    }

    /** The bytes of the whole body. */
    public long bodyLength(ByteRanges ranges) {
        HeadBuffer heads = new HeadBuffer();
        for (int i = 0; i < ranges.count(); i++) {
            head(ranges, i, heads);
        }
        end(heads);
        return ranges.total() + heads.length();
    }
}
