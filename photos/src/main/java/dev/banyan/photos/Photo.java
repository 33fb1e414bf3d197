package dev.banyan.photos;

import java.time.Instant;
import java.util.List;

/** A photo as everyone sees it; what is counted may be of the time when it was read. */
record Photo(
        long id, String title, long ownerId, String owner, String ownerName, String url, String thumbnailUrl, int width, int height,
        Instant createdAt, long likes, long comments, long views) {

    /** Some of them, newest first. */
    record Photos(List<Photo> photos) {
        Photos {
            photos = List.copyOf(photos);
        }
    }

    /** With its likes as of now. */
    Photo liked(long likes) {
        return new Photo(id, title, ownerId, owner, ownerName, url, thumbnailUrl, width, height, createdAt, likes, comments, views);
    }
}
