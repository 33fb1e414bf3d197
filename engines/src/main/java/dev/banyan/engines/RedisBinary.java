package dev.banyan.engines;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The Redis that lies on the class path: one static program a system, unpacked into {@code .banyan/engines/redis-VERSION-SYSTEM}. What is there
 * is used only when it has the sum that is written here; half a file, or another's, is unpacked anew.
 *
 * @param file the program
 */
record RedisBinary(Path file) {
    static final String VERSION = "7.0.15";

    /** SHA-256 of each, of org.signal:embedded-redis 0.9.1. */
    private static final Map<String, String> SUMS = Map.of(
            "linux-amd64", "c0cdeef856b3410fd99d6ec6fc6a20302e69059b00ce5d6abab7b3e5069ea91e",
            "linux-arm64", "d5c7ff117caf45d7dc2f59c1f956e1830438779947d66aa5647c2cdcc16eca50",
            "darwin-amd64", "e22a3d9147802bba0724efb2e446c49e1e514e76ff8031bb6d44b8628400d8f3",
            "darwin-arm64", "07838a2eb6f5961c89d8e6f1f83482de355dfc6bb04e05bfb00ae1f137dee129");

    /** Whether there is one for this system. */
    static boolean isThere() {
        return SUMS.containsKey(system());
    }

    /** @throws BanyanException MISSING_PREREQUISITE when there is none for this system, DISK, or ENGINE_FAILED when it is not the one that is known */
    static RedisBinary unpack(StateFolder home) {
        String system = system();
        String sum = Optional.ofNullable(SUMS.get(system)).orElseThrow(() -> new BanyanException(ErrorCode.MISSING_PREREQUISITE, "Banyan brings no Redis for " + system
                + "; install redis-server or valkey-server " + VERSION + " or newer, or name nodes that run already by cache.url"));
        Path file = home.engines().resolve("redis-" + VERSION + "-" + system).resolve("redis-server");
        try {
            if (!Files.exists(file) || !sum(file).equals(sum)) {
                unpack("/redis-server-" + VERSION + "-" + system, file, sum);
            }
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "Redis " + VERSION + " cannot be unpacked to " + file + ", which needs 6 MB: " + Reason.of(e), e);
        }
        return new RedisBinary(file);
    }

    private static void unpack(String resource, Path file, String sum) throws IOException {
        Files.createDirectories(file.getParent());
        Path beside = file.resolveSibling(file.getFileName() + ".unfinished");
        try (InputStream in = RedisBinary.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new BanyanException(ErrorCode.MISSING_PREREQUISITE, "the build left no " + resource + " on the class path");
            }
            Files.copy(in, beside, StandardCopyOption.REPLACE_EXISTING);
        }
        String found = sum(beside);
        if (!found.equals(sum)) {
            Files.delete(beside);
            throw new BanyanException(ErrorCode.ENGINE_FAILED, "the Redis on the class path is not the one that Banyan was built with: its SHA-256 is " + found + ", not " + sum
                    + "; delete org/signal/embedded-redis from the local Maven repository and build again");
        }
        Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String sum(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** As {@code linux-amd64}: the files' own names. */
    private static String system() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        String processor = switch (arch) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> arch;
        };
        return (os.contains("mac") ? "darwin" : os) + "-" + processor;
    }
}
