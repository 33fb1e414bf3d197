package dev.banyan.http.gateway;

import dev.banyan.http.wire.Grammar;
import dev.banyan.http.wire.HeadBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A path as routes see it: its segments, decoded, without empty ones, dot segments and parameters ({@code ;v=1}). Reused for each request.
 * Owned by one IO loop.
 *
 * <p>Two programs that read one path in two ways are how a request gets round a rule. So a path that could be read in two ways is not read at
 * all: encoded slashes, backslashes and control characters, once or twice; overlong UTF-8; broken codes; dot segments that climb past the root
 * or have parameters. And what is read is what the service gets: {@link #normal()} is false when it must be sent {@link #write written anew}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2">RFC 3986, 6.2.2</a>
 */
final class PathView {
    /** More are refused: no service has them, and each costs room here. */
    static final int MOST_SEGMENTS = 1000;

    private static final boolean[] PLAIN = plain();

    private byte[] source = new byte[0];
    private byte[] bytes = source;
    private byte[] decoded = source;
    private int decodedLength;
    /** Of each segment where it begins and ends decoded, in {@link #bytes}, and as it came, in {@link #source}. */
    private int[] starts = new int[8];
    private int[] ends = new int[8];
    private int[] rawStarts = new int[8];
    private int[] rawEnds = new int[8];
    private int count;
    private boolean slashAtEnd;
    private boolean normal;

    private static boolean[] plain() {
        boolean[] plain = new boolean[128];
        for (int b = 0; b < plain.length; b++) {
            plain[b] = Grammar.target((byte) b) && "/%;\\?".indexOf(b) < 0;
        }
        return plain;
    }

    /**
     * Reads {@code path[from, to)}, without a query; an empty path and {@code *} are the root.
     *
     * @return false when it could be read in more than one way
     */
    boolean read(byte[] path, int from, int to) {
        source = path;
        bytes = path;
        count = 0;
        slashAtEnd = true;
        normal = true;
        if (from == to || path[from] != '/') {
            return true;
        }
        return readPlain(from, to) || readAny(from, to);
    }

    /** Nearly all paths: nothing is to be decoded, dropped or refused, and nothing is copied. */
    private boolean readPlain(int from, int to) {
        int start = from + 1;
        for (int i = start; i <= to; i++) {
            if (i < to && path(source[i])) {
                continue;
            }
            if (i < to && source[i] != '/') {
                return false;
            }
            boolean last = i == to;
            if (last && i == start) {
                break;
            }
            if (i == start || dots(source, start, i) > 0 || count == MOST_SEGMENTS) {
                return false;
            }
            add(start, i, start, i);
            start = i + 1;
        }
        slashAtEnd = source[to - 1] == '/';
        return true;
    }

    private static boolean path(byte b) {
        return b >= 0 && PLAIN[b];
    }

    private boolean readAny(int from, int to) {
        bytes = decoded = decoded.length < to - from ? new byte[to - from] : decoded;
        decodedLength = 0;
        count = 0;
        normal = false;
        for (int start = from + 1; start <= to; ) {
            int end = start;
            while (end < to && source[end] != '/') {
                end++;
            }
            if (!segment(start, end, end == to)) {
                return false;
            }
            start = end + 1;
        }
        return true;
    }

    private boolean segment(int start, int end, boolean last) {
        int from = decodedLength;
        boolean parameters = decode(start, end);
        if (decodedLength < 0) {
            return false;
        }
        int dots = dots(bytes, from, decodedLength);
        if (last) {
            slashAtEnd = dots > 0 || from == decodedLength;
        }
        if (dots == 0 && decodedLength > from) {
            if (count == MOST_SEGMENTS) {
                return false;
            }
            add(from, decodedLength, start, end);
            return true;
        }
        decodedLength = from;
        if (dots == 2 && count-- == 0) {
            return false;
        }
        return dots == 0 || !parameters;
    }

    /** Decodes a segment up to its parameters; true when it has some. The decoded length is negative when it could be read in two ways. */
    private boolean decode(int start, int end) {
        int from = decodedLength;
        int to = from;
        boolean parameters = false;
        for (int i = start; i < end; i++) {
            int b = source[i];
            if (b == '%') {
                b = code(source, i, end);
                i += 2;
            }
            if (b < ' ' || b == '/' || b == '\\' || b == 0x7f) {
                decodedLength = -1;
                return false;
            }
            parameters |= b == ';';
            if (!parameters) {
                decoded[to++] = (byte) b;
            }
        }
        decodedLength = ambiguous(from, to) ? -1 : to;
        return parameters;
    }

    /** The byte that %41 stands for, 0 to 255; -1 when it is broken. */
    private static int code(byte[] bytes, int at, int end) {
        if (at + 2 >= end || Grammar.hex(bytes[at + 1]) < 0 || Grammar.hex(bytes[at + 2]) < 0) {
            return -1;
        }
        return Grammar.hex(bytes[at + 1]) << 4 | Grammar.hex(bytes[at + 2]);
    }

    /** Whether a program that decodes once more, or that takes overlong UTF-8, would read something else. */
    private boolean ambiguous(int from, int to) {
        for (int i = from; i < to; i++) {
            int b = decoded[i] & 0xff;
            int next = i + 1 < to ? decoded[i + 1] & 0xff : 0;
            boolean overlong = b == 0xc0 || b == 0xc1 || b == 0xe0 && next >= 0x80 && next < 0xa0 || b == 0xf0 && next >= 0x80 && next < 0x90;
            if (overlong || b == '%' && code(decoded, i, to) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** 1 for {@code .}, 2 for {@code ..}, else 0. */
    private static int dots(byte[] bytes, int from, int to) {
        int length = to - from;
        boolean dots = (length == 1 || length == 2) && bytes[from] == '.' && bytes[to - 1] == '.';
        return dots ? length : 0;
    }

    private void add(int start, int end, int rawStart, int rawEnd) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
            rawStarts = Arrays.copyOf(rawStarts, 2 * count);
            rawEnds = Arrays.copyOf(rawEnds, 2 * count);
        }
        starts[count] = start;
        ends[count] = end;
        rawStarts[count] = rawStart;
        rawEnds[count++] = rawEnd;
    }

    /** The segments' number; none is the root. */
    int count() {
        return count;
    }

    /** What the segments' positions are in. */
    byte[] bytes() {
        return bytes;
    }

    int start(int segment) {
        return starts[segment];
    }

    int end(int segment) {
        return ends[segment];
    }

    /** The segments from that one on, decoded. */
    List<byte[]> segments(int first) {
        return IntStream.range(first, Math.max(first, count)).mapToObj(i -> Arrays.copyOfRange(bytes, starts[i], ends[i])).toList();
    }

    /** Whether the path as it came is surely what {@link #write} writes. */
    boolean normal() {
        return normal;
    }

    /** Writes the path as a service gets it: what is left of the segments as they came, but for codes of letters, digits and {@code -._~}. */
    void write(HeadBuffer out) {
        out.put('/');
        writeRest(0, out);
    }

    /** Writes the segments from that one on, without a slash before them. */
    void writeRest(int first, HeadBuffer out) {
        for (int i = first; i < count; i++) {
            if (i > first) {
                out.put('/');
            }
            writeRaw(rawStarts[i], rawEnds[i], out);
        }
        if (slashAtEnd && count > first) {
            out.put('/');
        }
    }

    /** Whether the path ends with a slash; the root does. */
    boolean slashAtEnd() {
        return slashAtEnd;
    }

    private void writeRaw(int from, int to, HeadBuffer out) {
        for (int i = from; i < to; i++) {
            int code = source[i] == '%' ? code(source, i, to) : -1;
            if (code >= 0 && unreserved(code)) {
                out.put((char) code);
                i += 2;
            } else {
                out.put((char) source[i]);
            }
        }
    }

    /** Writes one segment without its parameters, percent-encoded where it must be. */
    void writeSegment(int segment, HeadBuffer out) {
        for (int i = starts[segment]; i < ends[segment]; i++) {
            int b = bytes[i] & 0xff;
            if (unreserved(b) || b < 0x80 && "!$&'()*+,=:@".indexOf(b) >= 0) {
                out.put((char) b);
            } else {
                out.put('%').put(Character.toUpperCase(Character.forDigit(b >> 4, 16))).put(Character.toUpperCase(Character.forDigit(b & 15, 16)));
            }
        }
    }

    private static boolean unreserved(int b) {
        return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-' || b == '.' || b == '_' || b == '~';
    }
}
