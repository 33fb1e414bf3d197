package dev.banyan.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The certificate that a door makes for itself and keeps. */
class LocalCertificateTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path folder;

    private Path certificate;
    private Path key;
    private String first;

    @BeforeEach
    void make() {
        first = fingerprint(NOW);
        certificate = folder.resolve("front-door.crt");
        key = folder.resolve("front-door.key");
    }

    private String fingerprint(Instant now) {
        return LocalCertificate.in("front-door", folder, now).fingerprint();
    }

    private void isMadeAnew_andThenKept() {
        String anew = fingerprint(NOW);
        assertThat(anew).isNotEqualTo(first);
        assertThat(fingerprint(NOW)).isEqualTo(anew);
        assertThat(Identity.read("front-door", certificate, key).fingerprint()).isEqualTo(anew);
    }

    @Test
    void isKept_untilItsLastMonth() throws Exception {
        assertThat(fingerprint(NOW)).isEqualTo(first);
        assertThat(fingerprint(NOW.plus(Duration.ofDays(334)))).isEqualTo(first);
        assertThat(fingerprint(NOW.plus(Duration.ofDays(336)))).isNotEqualTo(first);
        assertThat(Files.getPosixFilePermissions(key)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void isMadeAnew_whenAStartWasKilledBetweenTheNewKeyAndItsCertificate() throws Exception {
        Files.writeString(key, LocalCertificate.make(NOW).keyPem());
        isMadeAnew_andThenKept();
    }

    @Test
    void isMadeAnew_whenAStartWasKilledBeforeTheFirstCertificate() throws Exception {
        Files.delete(certificate);
        Files.writeString(folder.resolve("front-door.crt.new"), "-----BEGIN CERT");
        isMadeAnew_andThenKept();
        assertThat(folder.resolve("front-door.crt.new")).doesNotExist();
    }

    /** As a disk that was full, or a machine without power, leaves a file. */
    @ParameterizedTest
    @ValueSource(strings = {"", "-----BEGIN CERTIFICATE-----\nMIIB", "\u0000\u0000\u0000\u0000"})
    void isMadeAnew_whenAFileIsCutOff(String rest) throws Exception {
        Files.writeString(certificate, rest);
        isMadeAnew_andThenKept();
        first = fingerprint(NOW);
        Files.writeString(key, rest);
        isMadeAnew_andThenKept();
    }
}
