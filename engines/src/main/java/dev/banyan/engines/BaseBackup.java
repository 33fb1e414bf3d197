package dev.banyan.engines;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * A base backup as it comes from a server (PostgreSQL's manual, 53.4, BASE_BACKUP): a tar archive of the data folder with the log that makes it
 * consistent, then a manifest of its files. Both are streams, to be read in this order, each to its end. Owned by one thread.
 */
final class BaseBackup {
    private static final String COMMAND = "BASE_BACKUP (LABEL 'banyan', PROGRESS true, CHECKPOINT 'fast', WAL true, MANIFEST 'yes', MANIFEST_CHECKSUMS 'CRC32C', TARGET 'client')";
    private static final int TABLESPACE_COLUMNS = 3;

    private final PostgresSession session;
    private final long expectedBytes;

    private BaseBackup(PostgresSession session, long expectedBytes) {
        this.session = session;
        this.expectedBytes = expectedBytes;
    }

    /** Asks for one, over a session with {@code replication=true}, and returns when the server has made its checkpoint and begins to send. */
    static BaseBackup begin(PostgresSession session) throws IOException {
        session.ask(COMMAND);
        long bytes = 0;
        PostgresSession.Message message = session.read();
        for (; message.type() != 'H'; message = session.read()) {
            if (message.type() == 'D') {
                // First the position it begins at, two columns; then a row for each tablespace: its id, its folder, its size in KiB.
                var row = PostgresSession.row(message);
                if (row.size() == TABLESPACE_COLUMNS) {
                    refuseTablespace(row.get(1));
                    bytes += Long.parseLong(row.get(2)) << 10;
                }
            } else if (message.type() == 'Z') {
                throw new IOException("the server ended the backup before it began");
            }
        }
        return new BaseBackup(session, bytes);
    }

    private static void refuseTablespace(String folder) throws IOException {
        if (!folder.isEmpty()) {
            throw new IOException("it has a tablespace in " + folder + ", which a copy on the same machine would share; move what is in it by ALTER TABLE ... SET"
                    + " TABLESPACE pg_default, and DROP TABLESPACE");
        }
    }

    /** How much the server expects to send. */
    long expectedBytes() {
        return expectedBytes;
    }

    /** The data folder, as tar. */
    InputStream archive() {
        return new Part('n', 'm');
    }

    /** The manifest, as text; reading it to its end ends the backup. */
    InputStream manifest() {
        return new Part('m', 'c');
    }

    /** Waits for the server's word that all was well. */
    void finish() throws IOException {
        for (var message = session.read(); message.type() != 'Z'; message = session.read()) {
            // Its end's position, and "command complete".
        }
    }

    /** One of the two: pieces of CopyData, each behind a byte that says what it is, from its own beginning up to the next one's. */
    private final class Part extends InputStream {
        private final char begins;
        private final char ends;
        private ByteBuffer piece = ByteBuffer.allocate(0);
        private boolean begun;
        private boolean ended;

        Part(char begins, char ends) {
            this.begins = begins;
            this.ends = ends;
            // What ended the archive has begun the manifest.
            this.begun = begins == 'm';
        }

        @Override
        public int read() throws IOException {
            return more() ? piece.get() & 0xFF : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!more()) {
                return -1;
            }
            int some = Math.min(length, piece.remaining());
            piece.get(into, offset, some);
            return some;
        }

        private boolean more() throws IOException {
            while (!ended && !piece.hasRemaining()) {
                next(session.read());
            }
            return !ended;
        }

        private void next(PostgresSession.Message message) throws IOException {
            char kind = message.type() == 'd' ? (char) message.body().get() : message.type();
            switch (kind) {
                case 'd' -> {
                    if (!begun) {
                        throw new IOException("the backup's data came before its beginning");
                    }
                    piece = message.body();
                }
                case 'p', 'N', 'S' -> { /* how far it is, notices, settings */ }
                default -> boundary(kind);
            }
        }

        private void boundary(char kind) throws IOException {
            if (begun && kind == ends) {
                ended = true;
            } else if (!begun && kind == begins) {
                begun = true;
            } else {
                throw new IOException("the backup has a part '" + kind + "' where none belongs");
            }
        }
    }
}
