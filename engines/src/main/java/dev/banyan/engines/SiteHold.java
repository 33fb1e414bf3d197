package dev.banyan.engines;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The right to work in a state folder: a lock of the system's on {@code .banyan/lock}. The system gives it back however the holder ends,
 * so that it never has to be broken; the file stays and holds the last holder's process id.
 */
public final class SiteHold implements AutoCloseable {
    private final FileChannel file;
    private final FileLock lock;

    private SiteHold(FileChannel file, FileLock lock) {
        this.file = file;
        this.lock = lock;
    }

    /** Takes the hold, or throws SITE_IS_HELD with the process that has it. */
    public static SiteHold take(StateFolder folder) {
        try {
            FileChannel file = FileChannel.open(folder.lock(), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = tryLock(file);
            if (lock == null) {
                file.close();
                throw new BanyanException(ErrorCode.SITE_IS_HELD, folder + " is held by process " + holder(folder.lock())
                        + ": this site is up already ('banyan status' shows it); end that process first, or use another folder");
            }
            file.truncate(0);
            file.write(StandardCharsets.UTF_8.encode(ProcessHandle.current().pid() + "\n"), 0);
            return new SiteHold(file, lock);
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "the lock " + folder.lock() + " cannot be taken: " + Reason.of(e), e);
        }
    }

    /** Whether a Banyan works in this folder now; asking does not disturb it. */
    public static boolean taken(StateFolder folder) {
        if (!Files.exists(folder.lock())) {
            return false;
        }
        try (FileChannel file = FileChannel.open(folder.lock(), StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = tryLock(file)) {
            return lock == null;
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "the lock " + folder.lock() + " cannot be read: " + Reason.of(e), e);
        }
    }

    /** Null when another process, or this one through another channel, has it. */
    private static FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException ours) {
            return null;
        }
    }

    private static String holder(Path lock) throws IOException {
        String pid = Files.readString(lock).strip();
        return pid.isEmpty() ? "(just starting)" : pid;
    }

    @Override
    public void close() {
        try (file) {
            lock.release();
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "the hold on the site cannot be given back: " + Reason.of(e), e);
        }
    }
}
