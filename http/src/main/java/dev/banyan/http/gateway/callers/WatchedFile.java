package dev.banyan.http.gateway.callers;

import dev.banyan.net.FileWatch;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Decision;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What a file says, read again whenever it changes. A file that is bad at the start is an error; one that is changed into a bad one is told of
 * once, and what it said before goes on. Safe for any thread.
 */
final class WatchedFile<T> implements AutoCloseable {
    /** Makes something of a file's bytes. */
    @FunctionalInterface
    interface Reading<T> {
        T read(byte[] bytes) throws Unusable;
    }

    private final String siteKey;
    private final Path file;
    private final int largest;
    private final Reading<T> reading;
    private final Surroundings around;
    private final FileWatch.Watching watching;
    private String lastFault = "";
    private volatile T current;

    /**
     * @param siteKey names the file in messages
     * @throws BanyanException BAD_SITE_FILE when it cannot be read
     */
    WatchedFile(String siteKey, Path file, int largest, Reading<T> reading, Surroundings around) {
        this.siteKey = siteKey;
        this.file = file;
        this.largest = largest;
        this.reading = reading;
        this.around = around;
        watching = around.files().watch(java.util.List.of(file), this::readAgain);
        try {
            current = reading.read(bytes());
        } catch (Unusable e) {
            watching.close();
            throw new BanyanException(ErrorCode.BAD_SITE_FILE, siteKey + " " + file + ": " + e.getMessage());
        }
    }

    T current() {
        return current;
    }

    /** Only on the watch's thread. */
    private void readAgain() {
        try {
            current = reading.read(bytes());
            if (!lastFault.isEmpty()) {
                around.tell(new Decision("use " + siteKey, "the file can be read again", file.toString(), around.clock().now()));
            }
            lastFault = "";
        } catch (Unusable e) {
            if (!e.getMessage().equals(lastFault)) {
                lastFault = e.getMessage();
                around.tell(new Decision("keep " + siteKey, "the file was changed and cannot be used: " + lastFault, file + "; what it said before goes on", around.clock().now()));
            }
        }
    }

    private byte[] bytes() throws Unusable {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(largest + 1);
            if (bytes.length > largest) {
                throw new Unusable("it is larger than " + largest + " bytes");
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new Unusable("there is no such file");
        } catch (IOException e) {
            throw new Unusable("it cannot be read (" + e + ")");
        }
    }

    @Override
    public void close() {
        watching.close();
    }
}
