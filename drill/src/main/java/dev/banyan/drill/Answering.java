package dev.banyan.drill;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** An answer as it arrives. Owned by one IO loop. */
final class Answering {
    /** Bytes of a body that are kept; of a longer one only the beginning, which no check then takes for the whole. */
    static final int MOST_KEPT = 4 << 20;

    private final HttpResponse head;
    private final MessageDigest hash;
    private final ByteArrayOutputStream kept;
    private long length;

    Answering(HttpResponse head, Request.Body body) {
        this.head = head;
        this.hash = body == Request.Body.HASH ? sha256() : null;
        this.kept = body == Request.Body.KEEP ? new ByteArrayOutputStream() : null;
    }

    HttpResponse head() {
        return head;
    }

    void add(ByteBuf bytes) {
        int size = bytes.readableBytes();
        length += size;
        if (hash != null) {
            hash.update(bytes.nioBuffer());
        }
        if (kept != null && kept.size() < MOST_KEPT) {
            keep(bytes, Math.min(size, MOST_KEPT - kept.size()));
        }
    }

    private void keep(ByteBuf bytes, int size) {
        try {
            bytes.getBytes(bytes.readerIndex(), kept, size);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Answer whole() {
        return new Answer(head.status().code(), type(), header("location"), header("x-served-by"),
                String.join(", ", head.headers().getAll(HttpHeaderNames.CACHE_CONTROL)).toLowerCase(Locale.ROOT), CacheStatus.of(String.join(", ", head.headers().getAll("cache-status"))), head.headers().getAll(HttpHeaderNames.SET_COOKIE), length,
                kept == null ? new byte[0] : kept.toByteArray(), Optional.ofNullable(hash).map(h -> HexFormat.of().formatHex(h.digest())));
    }

    private String type() {
        String type = header(HttpHeaderNames.CONTENT_TYPE);
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private String header(CharSequence name) {
        return head.headers().get(name, "");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
