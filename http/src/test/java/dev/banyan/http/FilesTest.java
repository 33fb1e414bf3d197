package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.http.gateway.Checks;
import dev.banyan.http.gateway.RouteTable;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a folder as answers, over real sockets. */
class FilesTest {
    private static final int LARGE = 5_000_000;

    @TempDir
    private Path folder;

    @BeforeEach
    void files() throws IOException {
        Files.createDirectory(folder.resolve("public"));
        Files.writeString(folder.resolve("public/hello.txt"), "hello");
        byte[] large = new byte[LARGE];
        for (int i = 0; i < LARGE; i++) {
            large[i] = (byte) (i % 251);
        }
        Files.write(folder.resolve("public/large"), large);
    }

    private RouteTable table() {
        return RouteTable.of(SiteFile.read("""
                site: test
                application: { command: x }
                gateway: { routes: [{ name: files, path: /files, files: public, response-headers: { set: { X-Here: 'yes' } } }] }
                """, _ -> Optional.empty()).orThrow("test").gateway(), folder, Checks.NONE);
    }

    private Site site(Origin application) {
        Site site = Site.of("", application);
        site.door.routing(table(), site.blocking());
        return site;
    }

    @Test
    void filesAreAnswersAndTheRestGoesToTheApplication() throws Exception {
        try (Origin application = Origin.saying("app"); Site site = site(application)) {
            assertThat(Client.get(site, "/files/hello.txt")).startsWith("HTTP/1.1 200 OK\r\n").contains("\r\nContent-Length: 5\r\n", "\r\nX-Here: yes\r\n", "\r\nETag: \"").endsWith("\r\n\r\nhello");
            assertThat(Client.get(site, "/other")).endsWith("app");
            assertThat(Client.get(site, "/files/none")).startsWith("HTTP/1.1 404 ").contains("X-Here: yes");
        }
    }

    @Test
    void aConnectionGoesOnAfterAFile() throws Exception {
        try (Origin application = Origin.saying("app"); Site site = site(application); Socket socket = site.connect()) {
            socket.getOutputStream().write(("GET /files/hello.txt HTTP/1.1\r\nHost: h\r\n\r\nHEAD /files/hello.txt HTTP/1.1\r\nHost: h\r\n\r\n"
                    + "GET /files/hello.txt HTTP/1.1\r\nHost: h\r\nRange: bytes=1-2\r\n\r\nPOST /files/hello.txt HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc").getBytes(StandardCharsets.US_ASCII));
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(all.split("HTTP/1.1 ")).hasSize(5);
            assertThat(all.split("HTTP/1.1 ")[1]).startsWith("200 ").endsWith("\r\n\r\nhello");
            assertThat(all.split("HTTP/1.1 ")[2]).startsWith("200 ").contains("Content-Length: 5").endsWith("\r\n\r\n");
            assertThat(all.split("HTTP/1.1 ")[3]).startsWith("206 ").contains("Content-Range: bytes 1-2/5").endsWith("\r\n\r\nel");
            assertThat(all.split("HTTP/1.1 ")[4]).startsWith("405 ").contains("Allow: GET, HEAD");
        }
    }

    @Test
    void aLargeFileArrivesWholeAtASlowReader() throws Exception {
        try (Origin application = Origin.saying("app"); Site site = site(application); Socket socket = site.connect()) {
            socket.getOutputStream().write("GET /files/large HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            byte[] head = in.readNBytes(100);
            Site.pass(Duration.ofMillis(200));
            byte[] rest = in.readAllBytes();
            byte[] all = Arrays.copyOf(head, head.length + rest.length);
            System.arraycopy(rest, 0, all, head.length, rest.length);
            int body = new String(all, 0, 1000, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
            assertThat(Arrays.copyOfRange(all, body, all.length)).isEqualTo(Files.readAllBytes(folder.resolve("public/large")));
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleIsCountedAndTheDoorGoesOn() throws Exception {
        try (Origin application = Origin.saying("app"); Site site = site(application)) {
            for (int i = 0; i < 20; i++) {
                try (Socket socket = site.connect()) {
                    socket.getOutputStream().write("GET /files/large HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    if (i % 2 == 0) {
                        socket.getInputStream().readNBytes(100_000);
                    }
                }
            }
            assertThat(Client.get(site, "/files/hello.txt")).endsWith("hello");
        }
    }

    @Test
    void filesNeedThreadsThatMayWaitForTheDisk() throws Exception {
        try (Origin application = Origin.saying("app"); Site site = Site.of("", application)) {
            assertThatThrownBy(() -> site.door.routing(table())).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no thread may wait for the disk");
        }
    }
}
