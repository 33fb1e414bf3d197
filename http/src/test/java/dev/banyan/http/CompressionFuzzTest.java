package dev.banyan.http;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.HeadVerdict;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.http.wire.ResponseHead;
import dev.banyan.topology.ByteSize;
import dev.banyan.topology.Compression;
import dev.banyan.topology.Compression.Coding;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** What clients and servers say about compression, whatever it is; see {@link ParsersFuzzTest} for how it is run. */
class CompressionFuzzTest {
    private static final int MOST_FIELDS = 1_000;
    private static final List<Coding> ALL = List.of(Coding.BR, Coding.ZSTD, Coding.GZIP);
    private static final CompressionRules RULES = new CompressionRules(new Compression(List.of(), List.of(), new ByteSize(0)));

    /** What is chosen was named or is one of any, and what lies around the bytes does not matter. */
    @FuzzTest(maxDuration = "2m")
    void acceptEncoding(byte[] bytes) {
        byte[] lines = join("Accept-Encoding: ", bytes, "\r\n\r\n");
        Fields fields = new Fields();
        if (fields.read(lines, 0, lines.length, MOST_FIELDS) != HeadVerdict.WHOLE) {
            return;
        }
        Coding chosen = AcceptEncoding.choose(fields, ALL);
        byte[] framed = join("\n;q=0,", lines, ",br;q=1");
        Fields again = new Fields();
        again.read(framed, 6, framed.length, MOST_FIELDS);
        require(chosen == AcceptEncoding.choose(again, ALL), "what lies around the bytes matters");
        if (chosen != null) {
            String text = new String(lines, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
            require(text.contains(chosen.name().toLowerCase(Locale.ROOT)) || text.contains("*"), chosen + " was not asked for");
        }
    }

    /** Any head of a server that is whole is whole in its other forms too, of the same status, and says what it is. */
    @FuzzTest(maxDuration = "2m")
    void compressedHead(byte[] bytes) {
        ResponseHead head = new ResponseHead();
        if (head.read(bytes, 0, bytes.length, MOST_FIELDS) != HeadVerdict.WHOLE || head.interim() || !RULES.concern(head)) {
            return;
        }
        CompressedHead rewritten = new CompressedHead();
        for (Coding coding : ALL) {
            rewritten.write(head, coding, true);
            require(rewritten.head().status() == head.status() && rewritten.head().chunked() && rewritten.head().contentLength() < 0, "another framing");
            require(!RULES.concern(rewritten.head()), "compressed, it would be compressed again");
        }
        rewritten.write(head, null, false);
        require(rewritten.head().chunked() == head.chunked() && rewritten.head().contentLength() == head.contentLength(), "another body");
    }

    /** Any If-None-Match: tags are added, none goes. */
    @FuzzTest(maxDuration = "2m")
    void entityTags(byte[] bytes) {
        byte[] message = join("GET / HTTP/1.1\r\nHost: a\r\nIf-None-Match: ", bytes, "\r\n\r\n");
        RequestHead head = new RequestHead();
        if (head.read(message, 0, message.length, MOST_FIELDS) == HeadVerdict.WHOLE) {
            Compressor.strengthened(head).ifPresent(line -> require(line.value().contains("W/\""), "a weak tag is lost: " + line.value()));
        }
    }

    private static byte[] join(String before, byte[] bytes, String after) {
        byte[] first = before.getBytes(StandardCharsets.ISO_8859_1);
        byte[] last = after.getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[first.length + bytes.length + last.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(bytes, 0, all, first.length, bytes.length);
        System.arraycopy(last, 0, all, first.length + bytes.length, last.length);
        return all;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
