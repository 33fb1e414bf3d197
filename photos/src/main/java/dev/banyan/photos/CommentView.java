package dev.banyan.photos;

import java.time.Instant;

/** A comment; {@code idempotencyKey} is what its writer sent with it, shown to the writer only, else null. */
record CommentView(long id, long photoId, String author, String authorName, String text, Instant createdAt, String idempotencyKey) {}
