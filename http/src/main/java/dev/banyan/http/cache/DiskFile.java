package dev.banyan.http.cache;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;

/**
 * A file of the disk tier, as its index knows it: about 300 bytes of heap. Its first holder is the index; who reads it holds it too, and it is deleted when the last
 * has let go.
 */
final class DiskFile extends Evictable {
    /** What a file system takes of space at least, and in steps of. */
    private static final int STEP = 4 << 10;
    private static final int[] NO_TAGS = {};

    final CacheKey key;
    /** Its name, rising with each file that is written. */
    final long id;
    final long size;
    /** The number of the last purge when its response was asked for. */
    final long epoch;
    /** Of what is told apart within a key: two files of one key with the same stand for the same requests. */
    final int variant;
    private final int[] tags;
    private final AtomicInteger holders = new AtomicInteger(1);
    volatile boolean stale;
    /** Whether it must not be read again; it leaves the index soon. */
    volatile boolean gone;
    /** Whether it is in the index; set under its lock. */
    volatile boolean alive;

    DiskFile(CacheKey key, StoredHead head, long id, long size, long epoch, boolean stale, long leastWeight) {
        super(key.hash() + variant(head), Math.max(leastWeight, (size + STEP - 1) / STEP * STEP));
        this.key = key;
        this.id = id;
        this.size = size;
        this.epoch = epoch;
        this.stale = stale;
        this.variant = variant(head);
        this.tags = head.tags().isEmpty() ? NO_TAGS : head.tags().stream().mapToInt(DiskFile::sum).toArray();
    }

    static int variant(StoredHead head) {
        return 31 * head.vary().hashCode() + head.range().hashCode();
    }

    /** Whether a purge covers it; one by tag may cover one in four billion that has not the tag. */
    boolean coveredBy(Purge purge) {
        if (!(purge.scope() instanceof Purge.Scope.Tag tag)) {
            return purge.covers(key, List.of());
        }
        int sum = sum(tag.tag());
        for (int one : tags) {
            if (one == sum) {
                return true;
            }
        }
        return false;
    }

    private static int sum(String tag) {
        CRC32C crc = new CRC32C();
        crc.update(tag.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }

    boolean hold() {
        int now = holders.get();
        while (now > 0) {
            if (holders.compareAndSet(now, now + 1)) {
                return true;
            }
            now = holders.get();
        }
        return false;
    }

    /** Whether that was the last. */
    boolean letGo() {
        return holders.decrementAndGet() == 0;
    }
}
