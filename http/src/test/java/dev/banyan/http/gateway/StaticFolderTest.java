package dev.banyan.http.gateway;

import static dev.banyan.http.gateway.Gateways.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.cache.ContentReader;
import dev.banyan.http.gateway.Gateways.Went;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.LocalAnswer;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of a folder as answers: which are found, which are not, and what is said of them. */
class StaticFolderTest {
    private static final long NOW = Instant.parse("2026-11-22T12:00:00Z").toEpochMilli();

    @TempDir
    Path beside;
    private RouteTable table;

    @BeforeEach
    void folder() throws IOException {
        Files.writeString(beside.resolve("secret.txt"), "secret");
        Path folder = Files.createDirectories(beside.resolve("public"));
        write(folder, "hello.txt", "hello");
        write(folder, "index.html", "<h1>home");
        write(folder, "a b.css", "a{}");
        write(folder, "sub/index.html", "<h1>sub");
        write(folder, "bare/file", "x");
        write(folder, ".hidden", "no");
        write(folder, ".git/config", "no");
        write(folder, ".well-known/security.txt", "Contact: us");
        Files.createSymbolicLink(folder.resolve("out.txt"), beside.resolve("secret.txt"));
        Files.createSymbolicLink(folder.resolve("up"), beside);
        Files.createSymbolicLink(folder.resolve("in.txt"), folder.resolve("hello.txt"));
        table = RouteTable.of(Gateways.site("""
                routes:
                  - { name: assets, path: /assets, files: { folder: public, max-age: 1h } }
                  - { name: app, path: /app, files: { folder: public, fallback: index.html } }
                error-pages: { 404: public/hello.txt }
                """).gateway(), beside, Checks.NONE);
    }

    private static void write(Path folder, String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-11-01T10:00:00Z")));
    }

    private FileAnswer ask(String method, String path, String... lines) {
        Went went = Gateways.pass(table, head(Stream.concat(Stream.of(method + " " + path + " HTTP/1.1", "Host: a"), Stream.of(lines)).toArray(String[]::new)));
        assertThat(went.answer()).isNull();
        FileRequest file = went.passage().file();
        if (file.refusal(true) != null) {
            return new FileAnswer.Local(file.refusal(true));
        }
        return file.open(Runnable::run, NOW).toCompletableFuture().join();
    }

    /** {@code 200 hello}, or {@code 404}. */
    private String said(String method, String path, String... lines) throws Exception {
        return switch (ask(method, path, lines)) {
            case FileAnswer.Local(LocalAnswer answer) -> answer.status() + answer.fields().stream().filter(field -> field.name().equals("Location")).map(field -> " " + field.value()).findFirst().orElse("");
            case FileAnswer.Content content -> {
                String text = text(content.content());
                yield content.status() + " " + text + (text.length() == content.length() ? "" : " of " + content.length());
            }
        };
    }

    private static String text(ContentReader reader) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (reader) {
            for (ByteBuf piece = reader.read(3); piece != null; piece = reader.read(3)) {
                byte[] bytes = new byte[piece.readableBytes()];
                piece.readBytes(bytes).release();
                all.writeBytes(bytes);
            }
            assertThat(reader.state()).isEqualTo(ContentReader.State.ENDED);
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /assets/hello.txt                | 200 hello
            /assets/a%20b.css                | 200 a{}
            /assets                          | 200 <h1>home
            /assets/                         | 200 <h1>home
            /assets/index.html               | 200 <h1>home
            /assets/sub/                     | 200 <h1>sub
            /assets/sub?x=1                  | 308 /assets/sub/?x=1
            /assets//sub                     | 308 /assets/sub/
            /assets/in.txt                   | 200 hello
            /assets/.well-known/security.txt | 200 Contact: us
            /assets/hello.txt/               | 404
            /assets/hello.txt/x              | 404
            /assets/bare/                    | 404
            /assets/bare                     | 404
            /assets/none                     | 404
            /assets/.hidden                  | 404
            /assets/.git/config              | 404
            /assets/out.txt                  | 404
            /assets/up/secret.txt            | 404
            /assets/%ff                      | 404
            /app/any/page                    | 200 <h1>home
            /app/hello.txt                   | 200 hello
            """)
    void findsWhatIsThereAndNothingElse(String path, String said) throws Exception {
        assertThat(said("GET", path)).isEqualTo(said);
    }

    @Test
    void saysWhatAFileIsAndHowLongItMayBeKept() {
        FileAnswer.Content content = (FileAnswer.Content) ask("GET", "/assets/hello.txt");
        assertThat(lines(content.fields())).containsExactly(
                "ETag: " + tag(), "Last-Modified: Sun, 01 Nov 2026 10:00:00 GMT", "Cache-Control: max-age=3600", "Content-Type: text/plain; charset=utf-8", "Accept-Ranges: bytes", "X-Content-Type-Options: nosniff");
        content.content().close();
        FileAnswer.Content app = (FileAnswer.Content) ask("GET", "/app/x");
        assertThat(lines(app.fields())).contains("Cache-Control: no-cache", "Content-Type: text/html; charset=utf-8");
        app.content().close();
    }

    private static List<String> lines(List<FieldLine> fields) {
        return fields.stream().map(field -> field.name() + ": " + field.value()).toList();
    }

    private String tag() {
        FileAnswer.Content content = (FileAnswer.Content) ask("HEAD", "/assets/hello.txt");
        content.content().close();
        return content.fields().getFirst().value();
    }

    @Test
    void aTagOrADateSpareTheFile() throws Exception {
        assertThat(said("GET", "/assets/hello.txt", "If-None-Match: " + tag())).isEqualTo("304");
        assertThat(said("GET", "/assets/hello.txt", "If-None-Match: W/" + tag() + ", \"x\"")).isEqualTo("304");
        assertThat(said("GET", "/assets/hello.txt", "If-None-Match: \"x\"", "If-Modified-Since: Sun, 01 Nov 2026 10:00:00 GMT")).isEqualTo("200 hello");
        assertThat(said("GET", "/assets/hello.txt", "If-Modified-Since: Sun, 01 Nov 2026 10:00:00 GMT")).isEqualTo("304");
        assertThat(said("GET", "/assets/hello.txt", "If-Modified-Since: Sun, 01 Nov 2026 09:59:59 GMT")).isEqualTo("200 hello");
        assertThat(said("GET", "/assets/hello.txt", "If-Modified-Since: yesterday")).isEqualTo("200 hello");
    }

    @ParameterizedTest
    @CsvSource({"bytes=1-2, 206 el", "bytes=3-, 206 lo", "bytes=-2, 206 lo", "bytes=0-99, 206 hello", "bytes=5-, 416", "bytes=2-1, 200 hello", "lines=1-2, 200 hello"})
    void answersWithAPart(String range, String said) throws Exception {
        assertThat(said("GET", "/assets/hello.txt", "Range: " + range)).isEqualTo(said);
    }

    @Test
    void aPartIsOfTheSameFileOnly() throws Exception {
        assertThat(said("GET", "/assets/hello.txt", "Range: bytes=0-0", "If-Range: " + tag())).isEqualTo("206 h");
        assertThat(said("GET", "/assets/hello.txt", "Range: bytes=0-0", "If-Range: \"x\"")).isEqualTo("200 hello");
        assertThat(said("GET", "/assets/hello.txt", "Range: bytes=0-0", "If-Range: Sun, 01 Nov 2026 10:00:00 GMT")).isEqualTo("206 h");
        assertThat(said("GET", "/assets/hello.txt", "Range: bytes=0-0", "If-Range: Sun, 01 Nov 2026 10:00:01 GMT")).isEqualTo("200 hello");
        assertThat(((FileAnswer.Content) ask("GET", "/assets/hello.txt", "Range: bytes=1-2")).fields()).contains(new FieldLine("Content-Range", "bytes 1-2/5"));
    }

    @Test
    void headHasTheLengthAndNoContent() throws Exception {
        assertThat(said("HEAD", "/assets/hello.txt")).isEqualTo("200  of 5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "DELETE", "OPTIONS"})
    void filesAreOnlyRead(String method) throws Exception {
        assertThat(said(method, "/assets/hello.txt")).isEqualTo("405");
    }

    @Test
    void whatIsNotThereHasTheSitesPage() {
        FileAnswer.Local local = (FileAnswer.Local) ask("GET", "/assets/none");
        assertThat(new String(local.answer().body(), StandardCharsets.UTF_8)).isEqualTo("hello");
    }

    @Test
    void aLargeFileComesInPiecesAheadOfItsReader() throws Exception {
        byte[] large = new byte[3 * FileContent.PIECE + 17];
        Path file = Files.write(beside.resolve("large"), large);
        Queue<Runnable> work = new ArrayDeque<>();
        FileContent content = FileContent.open(file, 0, large.length, work::add);
        int[] woken = {0};
        content.onMore(() -> woken[0]++);
        long read = 0;
        for (int i = 0; i < 4; i++) {
            ByteBuf piece = content.read(Integer.MAX_VALUE);
            read += piece.readableBytes();
            piece.release();
            assertThat(content.state()).isEqualTo(i < 3 ? ContentReader.State.MORE : ContentReader.State.ENDED);
            assertThat(content.read(1)).isNull();
            Runnable next = work.poll();
            if (next != null) {
                next.run();
            }
        }
        assertThat(read).isEqualTo(large.length);
        assertThat(woken[0]).isEqualTo(3);
        content.close();
    }

    @Test
    void aFileThatBecomesShorterFails() throws Exception {
        Path file = Files.write(beside.resolve("shrinks"), new byte[2 * FileContent.PIECE]);
        Queue<Runnable> work = new ArrayDeque<>();
        FileContent content = FileContent.open(file, 0, 2 * FileContent.PIECE, work::add);
        Files.write(file, new byte[FileContent.PIECE]);
        content.read(Integer.MAX_VALUE).release();
        work.remove().run();
        assertThat(content.read(1)).isNull();
        assertThat(content.state()).isEqualTo(ContentReader.State.FAILED);
        content.close();
    }
}
