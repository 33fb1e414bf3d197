package dev.banyan.cache.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A folder of files, as little of one as a journal needs, so that a test can give it a disk that fails. */
interface Disk extends AutoCloseable {
    /** The files' names, sorted. */
    List<String> names() throws IOException;

    byte[] read(String name) throws IOException;

    /** A file that is empty, whatever was there. Its name is on disk only after {@link #forceNames}. */
    Writing create(String name) throws IOException;

    /** Cuts what lies behind, for good. */
    void truncate(String name, long length) throws IOException;

    /** Not an error when it is not there. For good only after {@link #forceNames}. */
    void delete(String name) throws IOException;

    /** Puts on disk which files there are. */
    void forceNames() throws IOException;

    @Override
    void close();

    /** A file that is being written. Owned by one thread. */
    interface Writing extends AutoCloseable {
        /** All of the bytes. */
        void write(long position, ByteBuffer bytes) throws IOException;

        /**
         * Returns when all that was written is on disk. When it throws, nothing written since the last force may be believed to be, not even after a
         * later force that does not throw: the system may have dropped the pages and called them clean (Rebello et al., "Can Applications Recover from
         * fsync Failures?", USENIX ATC 2020).
         */
        void force() throws IOException;

        @Override
        void close() throws IOException;
    }
}
