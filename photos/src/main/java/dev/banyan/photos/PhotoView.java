package dev.banyan.photos;

import java.time.Instant;
import java.util.List;

/** A photo as one viewer sees it; the same record makes the page and the API's JSON. */
record PhotoView(
        long id, String title, String owner, String ownerName, String url, String thumbnailUrl, int width, int height,
        Instant createdAt, int likes, int comments, boolean liked) {

    /** Some photos, newest first; {@code before} asks for the next ones and is null at the end. */
    record Slice(List<PhotoView> photos, Long before) {
        Slice {
            photos = List.copyOf(photos);
        }
    }
}
