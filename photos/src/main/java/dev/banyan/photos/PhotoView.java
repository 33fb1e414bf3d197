package dev.banyan.photos;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/** A photo as one viewer sees it; the same record makes the page and the API's JSON. */
record PhotoView(
        long id, String title, String owner, String ownerName, String url, String thumbnailUrl, int width, int height,
        Instant createdAt, long likes, long comments, long views, boolean liked) {

    /** @param liked which of the photos this viewer likes */
    static PhotoView of(Photo photo, Set<Long> liked) {
        return new PhotoView(photo.id(), photo.title(), photo.owner(), photo.ownerName(), photo.url(), photo.thumbnailUrl(), photo.width(), photo.height(),
                photo.createdAt(), photo.likes(), photo.comments(), photo.views(), liked.contains(photo.id()));
    }

    /** Some photos, newest first; {@code before} asks for the next ones and is null at the end. */
    record Slice(List<PhotoView> photos, Long before) {
        Slice {
            photos = List.copyOf(photos);
        }
    }
}
