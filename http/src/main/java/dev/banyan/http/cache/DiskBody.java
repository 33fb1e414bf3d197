package dev.banyan.http.cache;

import io.netty.buffer.ByteBuf;

/** A content that stays on disk, being too large for memory. */
final class DiskBody implements Body {
    private static final int OVERHEAD = 96;

    final DiskTier tier;
    final DiskFile file;
    /** The beginning of the file, for its blocks' sums; the head in it may be older than the response's. */
    final FileHead head;
    final long contentAt;

    /** The file is held already. */
    DiskBody(DiskTier tier, DiskFile file, FileHead head) {
        this.tier = tier;
        this.file = file;
        this.head = head;
        this.contentAt = file.size - head.length();
    }

    @Override
    public long length() {
        return head.length();
    }

    @Override
    public ContentReader open(long from, long to) {
        return retain() ? new DiskReader(this, from, Math.min(to, head.length())) : null;
    }

    @Override
    public ByteBuf whole() {
        return null;
    }

    @Override
    public long footprint() {
        return OVERHEAD + (long) Integer.BYTES * head.sums().length;
    }

    @Override
    public boolean retain() {
        return file.hold();
    }

    @Override
    public void release() {
        tier.letGoSoon(file);
    }
}
