package dev.banyan.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Redis's program from the class path, unpacked once a build. Any thread, any process of the build. */
public final class EmbeddedRedis {
    private static final String VERSION = "7.0.15";

    private EmbeddedRedis() {}

    /** Where the program lies. */
    public static Path program() {
        return BuildFolder.once("redis-" + VERSION, EmbeddedRedis::unpack).resolve("redis-server");
    }

    private static void unpack(Path into) throws IOException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String processor = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        Path program = Files.createDirectories(into).resolve("redis-server");
        try (InputStream in = EmbeddedRedis.class.getResourceAsStream("/redis-server-" + VERSION + "-" + system + "-" + processor)) {
            Files.copy(in, program);
        }
        if (!program.toFile().setExecutable(true)) {
            throw new IOException(program + " cannot be made executable");
        }
    }
}
