package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives and manifests as a server sends them, and as none should. */
class BackupFolderTest {
    private static final String HELLO = "{ \"Path\": \"base/1/2\", \"Size\": 5, \"Last-Modified\": \"2026-11-22 05:00:00 GMT\", \"Checksum-Algorithm\": \"CRC32C\", \"Checksum\": \"%s\" },\n";
    private static final String END = "\"Manifest-Checksum\": \"00\"}\n";
    /** CRC-32C of "hello" is 0x9a71bb4c (RFC 3720, appendix B.4 defines the sum). */
    private static final String HELLO_SUM = "4cbb719a";

    @TempDir
    private Path temp;

    @Test
    void unpacksAndChecks() throws Exception {
        Map<String, BackupFolder.Unpacked> files = unpack(archive(file("base/1/2", "hello"), file("pg_wal/000000010000000000000001", "log")));
        BackupManifest.check(text("{ \"PostgreSQL-Backup-Manifest-Version\": 2,\n\"Files\": [\n" + HELLO.formatted(HELLO_SUM) + END), files);
        assertThat(temp.resolve("data/base/1/2")).hasContent("hello");
        assertThat(Files.getPosixFilePermissions(temp.resolve("data"))).hasSize(3);
    }

    @Test
    void refusesWhatIsNotAsTheManifestSays() throws Exception {
        Map<String, BackupFolder.Unpacked> files = unpack(archive(file("base/1/2", "hello")));
        assertThatThrownBy(() -> BackupManifest.check(text(HELLO.formatted("00000000") + END), files)).hasMessageContaining("the backup's base/1/2 has 5 bytes with checksum " + HELLO_SUM);
        assertThatThrownBy(() -> BackupManifest.check(text(HELLO.formatted(HELLO_SUM)), files)).hasMessage("the backup's manifest is cut short");
        assertThatThrownBy(() -> BackupManifest.check(text(END), files)).hasMessage("the backup holds base/1/2, which is not in its manifest");
        assertThatThrownBy(() -> BackupManifest.check(text(HELLO.formatted(HELLO_SUM) + END), Map.of())).hasMessage("the backup lacks base/1/2, which is in its manifest");
    }

    @Test
    void refusesAPathThatLeavesTheFolder() {
        assertThatThrownBy(() -> unpack(archive(file("base/../../outside", "x")))).hasMessageContaining("which leaves its folder");
        assertThat(temp.resolve("outside")).doesNotExist();
    }

    @Test
    void refusesALink() {
        TarArchiveEntry link = new TarArchiveEntry("pg_wal", TarConstants.LF_SYMLINK);
        link.setLinkName("/elsewhere");
        assertThatThrownBy(() -> unpack(archive(new Entry(link, "")))).hasMessageContaining("the backup holds pg_wal, which is neither a file nor a folder");
    }

    @Test
    void refusesAFileThatComesTwice_andAnArchiveThatIsCut() {
        assertThatThrownBy(() -> unpack(archive(file("a", "x"), file("a", "y")))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new BackupFolder(temp.resolve("cut"), 10, Progress.NONE).unpack(new ByteArrayInputStream(archive(file("a", "x".repeat(9000))), 0, 4000)))
                .isInstanceOf(IOException.class);
    }

    private Map<String, BackupFolder.Unpacked> unpack(byte[] archive) throws IOException {
        return new BackupFolder(temp.resolve("data"), archive.length, Progress.NONE).unpack(new ByteArrayInputStream(archive));
    }

    private record Entry(TarArchiveEntry entry, String content) {}

    private static Entry file(String path, String content) {
        TarArchiveEntry entry = new TarArchiveEntry(path);
        entry.setSize(content.length());
        return new Entry(entry, content);
    }

    private static byte[] archive(Entry... entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (Entry each : entries) {
                tar.putArchiveEntry(each.entry());
                tar.write(each.content().getBytes(StandardCharsets.US_ASCII));
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
