package dev.banyan.drill;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.random.RandomGenerator;

/**
 * Photos that a virtual user has come across, the latest few hundred; one that is seen often is there often, and so is opened often. A user's
 * own: nobody opens what only somebody else was shown. Safe for any thread.
 */
final class KnownPhotos {
    private static final int MOST = 256;

    private final AtomicReferenceArray<Photo> photos = new AtomicReferenceArray<>(MOST);
    private final AtomicLong seen = new AtomicLong();

    /** A photo as the API shows it. */
    record Photo(long id, String title, String owner, String url, String thumbnailUrl) {}

    void add(Photo photo) {
        photos.set((int) (seen.getAndIncrement() % MOST), photo);
    }

    Optional<Photo> any(RandomGenerator random) {
        int known = (int) Math.min(seen.get(), MOST);
        return known == 0 ? Optional.empty() : Optional.ofNullable(photos.get(random.nextInt(known)));
    }
}
