package dev.banyan.http.cache;

import io.netty.buffer.ByteBuf;

/** Where a stored response's content lies. Safe for any thread. */
public sealed interface Body permits Content, DiskBody {
    /** In bytes; -1 while it is not known. */
    long length();

    /** See {@link StoredResponse#open}. */
    ContentReader open(long from, long to);

    /** See {@link StoredResponse#whole}. */
    ByteBuf whole();

    /** Memory that it takes, in bytes. */
    long footprint();

    /** One more holder; false when it is gone already. */
    boolean retain();

    void release();
}
