package dev.banyan.photos;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Pictures in the database, named by the SHA-256 of their bytes: the same picture is kept once, and a URL never changes its content.
 * They are read in pieces, and no connection is held while a slow client takes one. Small ones are kept in the cache: what never changes never gets old there.
 */
final class MediaStore {
    private static final int PIECE = 256 * 1024;
    private static final String FOREIGN_KEY_VIOLATION = "23503";

    private static final Duration KEPT = Duration.ofHours(1);

    private final Database database;
    private final Cache cache;

    MediaStore(Database database, Cache cache) {
        this.database = database;
        this.cache = cache;
    }

    /** A stored file; with its bytes when it is no larger than a piece. */
    record File(String name, String contentType, long size, Instant createdAt, Optional<byte[]> bytes) {}

    static String url(String file) {
        return "/media/" + file;
    }

    /**
     * Stores the bytes unless they are there. DO UPDATE, not DO NOTHING: it locks the row, so that a photo that is being deleted
     * cannot take it away before this transaction refers to it.
     */
    String keep(Connection connection, Picture.Kind kind, byte[] bytes) throws SQLException {
        String file = name(kind, bytes);
        Database.run(connection, """
                INSERT INTO media (file, content_type, size, bytes) VALUES (?, ?, ?, ?)
                ON CONFLICT (file) DO UPDATE SET size = excluded.size""", file, kind.contentType(), bytes.length, bytes);
        return file;
    }

    static String name(Picture.Kind kind, byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(hash) + "." + kind.extension();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Removes the file if no photo needs it; a photo that takes it at the same moment wins, by its foreign key. */
    void forget(String file) throws SQLException {
        try {
            database.run("""
                    DELETE FROM media WHERE file = ? AND NOT EXISTS (SELECT 1 FROM photos WHERE media = file OR thumbnail = file)""", file);
            cache.forget(key(file));
        } catch (SQLException e) {
            if (!FOREIGN_KEY_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
        }
    }

    /** @param file a name as {@link #name} makes it */
    Optional<File> find(String file) throws SQLException {
        Optional<byte[]> kept = cache.bytes(key(file));
        return kept.isPresent() ? Optional.of(unpacked(file, kept.get())) : stored(file);
    }

    private Optional<File> stored(String file) throws SQLException {
        Optional<File> found = database.first("SELECT content_type, size, created_at, CASE WHEN size <= ? THEN bytes END FROM media WHERE file = ?",
                row -> new File(file, row.getString(1), row.getLong(2), row.getObject(3, OffsetDateTime.class).toInstant(), Optional.ofNullable(row.getBytes(4))),
                PIECE, file);
        found.filter(it -> it.bytes().isPresent()).ifPresent(it -> cache.keep(key(file), packed(it), KEPT));
        return found;
    }

    private static String key(String file) {
        return "picture:" + file;
    }

    /** When it was made, in milliseconds since 1970, then the picture. */
    private static byte[] packed(File file) {
        byte[] bytes = file.bytes().orElseThrow();
        return ByteBuffer.allocate(Long.BYTES + bytes.length).putLong(file.createdAt().toEpochMilli()).put(bytes).array();
    }

    private static File unpacked(String file, byte[] packed) {
        byte[] bytes = Arrays.copyOfRange(packed, Long.BYTES, packed.length);
        return new File(file, Picture.Kind.ofFile(file).contentType(), bytes.length, Instant.ofEpochMilli(ByteBuffer.wrap(packed).getLong()), Optional.of(bytes));
    }

    /** Writes the bytes from {@code first} to {@code last}, both included. */
    void write(File file, long first, long last, OutputStream out) throws IOException {
        if (file.bytes().isPresent()) {
            out.write(file.bytes().get(), (int) first, (int) (last - first + 1));
            return;
        }
        for (long from = first; from <= last; from += PIECE) {
            out.write(piece(file, from, (int) Math.min(PIECE, last - from + 1)));
        }
    }

    private byte[] piece(File file, long from, int length) throws IOException {
        try {
            byte[] piece = database.first("SELECT substring(bytes FROM ? FOR ?) FROM media WHERE file = ?",
                    row -> row.getBytes(1), (int) from + 1, length, file.name()).orElse(new byte[0]);
            if (piece.length != length) {
                throw new IOException(file.name() + " was deleted while it was sent");
            }
            return piece;
        } catch (SQLException e) {
            throw new IOException("the database failed in the middle of " + file.name(), e);
        }
    }
}
