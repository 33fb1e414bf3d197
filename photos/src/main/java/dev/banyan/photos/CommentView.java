package dev.banyan.photos;

import java.time.Instant;
import java.util.Optional;

/** A comment; {@code idempotencyKey} is what its writer sent with it, shown to the writer only, else null. */
record CommentView(long id, long photoId, String author, String authorName, String text, Instant createdAt, String idempotencyKey) {
    /** As this viewer may see it. */
    CommentView as(Optional<Viewer> viewer) {
        boolean writers = viewer.filter(it -> it.name().equals(author)).isPresent();
        return writers || idempotencyKey == null ? this : new CommentView(id, photoId, author, authorName, text, createdAt, null);
    }
}
