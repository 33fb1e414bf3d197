package dev.banyan.photos;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Pictures in the database, named by the SHA-256 of their bytes: the same picture is kept once, and a URL never changes its content.
 * They are read in pieces, and no connection is held while a slow client takes one.
 */
final class MediaStore {
    private static final int PIECE = 256 * 1024;
    private static final String FOREIGN_KEY_VIOLATION = "23503";

    private final Database database;

    MediaStore(Database database) {
        this.database = database;
    }

    /** A stored file, without its bytes. */
    record File(String name, String contentType, long size, Instant createdAt) {}

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
        } catch (SQLException e) {
            if (!FOREIGN_KEY_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
        }
    }

    Optional<File> find(String file) throws SQLException {
        return database.first("SELECT file, content_type, size, created_at FROM media WHERE file = ?",
                row -> new File(row.getString(1), row.getString(2), row.getLong(3), row.getObject(4, OffsetDateTime.class).toInstant()), file);
    }

    /** Writes the bytes from {@code first} to {@code last}, both included. */
    void write(File file, long first, long last, OutputStream out) throws IOException {
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
