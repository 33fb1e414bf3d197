package dev.banyan.http.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.wire.HeadBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What routes see of a path, and which paths are refused because another program might see something else. */
class PathViewTest {
    /** The path, the segments that routes see, and what a service gets; nothing for the last is the path itself. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            /                       | -             | /
            ''                      | -             | /
            /admin                  | admin         | /admin
            /admin/                 | admin         | /admin/
            /a/b/c                  | a b c         | /a/b/c
            //admin                 | admin         | /admin
            /a//b                   | a b           | /a/b
            /a/b//                  | a b           | /a/b/
            ///                     | -             | /
            /./admin                | admin         | /admin
            /public/../admin        | admin         | /admin
            /public/%2e%2e/admin    | admin         | /admin
            /public/.%2E/admin      | admin         | /admin
            /admin/.                | admin         | /admin/
            /admin/x/..             | admin         | /admin/
            /a/..                   | -             | /
            /a//../b                | b             | /b
            /%61dmin                | admin         | /admin
            /%41dmin                | Admin         | /Admin
            /a%21b                  | a!b           | /a%21b
            /a%20b                  | a b           | /a%20b
            /a%3Fb                  | a?b           | /a%3Fb
            /100%25                 | 100%          | /100%25
            /admin;x=1              | admin         | /admin;x=1
            /admin;/x               | admin x       | /admin;/x
            /;x/admin               | admin         | /admin
            /admin%3Bx              | admin         | /admin%3Bx
            /...                    | ...           | /...
            /..a/b..                | ..a b..       | /..a/b..
            /.well-known/x          | .well-known x | /.well-known/x
            /caf%C3%A9              | café          | /caf%C3%A9
            """)
    void seesSegments(String path, String segments, String service) {
        Read read = read(path == null ? "" : path);
        assertThat(read.clear()).isTrue();
        assertThat(String.join(" ", read.segments())).isEqualTo(segments == null ? "" : segments);
        assertThat(read.written()).isEqualTo(service);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "/..", "/../admin", "/a/../../admin", "/%2e%2e/admin", "/public/..;/admin", "/public/..;x=1/admin", "/.;/admin", "/public/..%3B/admin", "/public%2f..%2fadmin", "/public%2F../admin",
            "/a%2Fb", "/a%5Cb", "/a\\b", "/..\\admin", "/a%00b", "/a%0ab", "/a%0d%0aX: y", "/a%7f", "/a%2", "/a%", "/a%zz", "/a%%32%66b", "/a%252fb", "/a%252Fb", "/%252e%252e/admin", "/%2561dmin", "/a%255cb",
            "/public/%c0%ae%c0%ae/admin", "/public%c0%afadmin", "/public%e0%80%afadmin", "/a%f0%80%80%afb", "/%c1%81dmin"})
    void refusesWhatCouldBeReadInTwoWays(String path) {
        assertThat(read(path.replace(" ", "%20")).clear()).isFalse();
    }

    @Test
    void copiesNothingOfAnOrdinaryPath() {
        byte[] path = "/photos/2026/11/a-b_c~d.jpg".getBytes(StandardCharsets.US_ASCII);
        PathView view = new PathView();
        assertThat(view.read(path, 0, path.length)).isTrue();
        assertThat(view.normal()).isTrue();
        assertThat(view.bytes()).isSameAs(path);
    }

    @Test
    void takesAThousandSegmentsAndRefusesOneMore() {
        assertThat(read("/a".repeat(PathView.MOST_SEGMENTS)).segments()).hasSize(1000);
        assertThat(read("/a".repeat(PathView.MOST_SEGMENTS + 1)).clear()).isFalse();
        assertThat(read("/./a".repeat(PathView.MOST_SEGMENTS + 1)).clear()).isFalse();
        assertThat(read("/a/..".repeat(PathView.MOST_SEGMENTS + 1)).written()).isEqualTo("/");
    }

    @Test
    void isUsedAgainAfterARefusal() {
        PathView view = new PathView();
        for (String path : List.of("/a/../..", "/b/c", "/%2f", "/b/c")) {
            byte[] bytes = path.getBytes(StandardCharsets.US_ASCII);
            boolean clear = view.read(bytes, 0, bytes.length);
            assertThat(clear).isEqualTo(path.equals("/b/c"));
            assertThat(clear ? view.count() : 2).isEqualTo(2);
        }
    }

    private record Read(boolean clear, List<String> segments, String written) {}

    private static Read read(String path) {
        byte[] bytes = path.getBytes(StandardCharsets.US_ASCII);
        PathView view = new PathView();
        boolean clear = view.read(bytes, 0, bytes.length);
        List<String> segments = new ArrayList<>();
        HeadBuffer out = new HeadBuffer();
        if (clear) {
            for (int i = 0; i < view.count(); i++) {
                segments.add(new String(view.bytes(), view.start(i), view.end(i) - view.start(i), StandardCharsets.UTF_8));
            }
            view.write(out);
        }
        return new Read(clear, segments, new String(out.bytes(), 0, out.length(), StandardCharsets.US_ASCII));
    }
}
