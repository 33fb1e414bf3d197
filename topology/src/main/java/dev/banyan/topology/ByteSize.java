package dev.banyan.topology;

/** A number of bytes, written with a unit: {@code 64KiB}, {@code 10MB}. */
public record ByteSize(long bytes) {
    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size is not negative: " + bytes);
        }
    }
}
