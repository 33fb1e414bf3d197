package dev.banyan.http.cache;

import java.util.Arrays;

/**
 * What a response is stored under: scheme, host in lower case, path and query, as bytes {@code https://host/path?query}. A request is looked up by one that is
 * filled anew each time ({@link #set}); what a store keeps is a {@link #copy}.
 */
public final class CacheKey {
    private byte[] bytes;
    private int length;
    private int hash;

    public CacheKey(byte[] url) {
        set(url, url.length);
    }

    /** Becomes the key of another URL; the array stays the caller's and is read until the next call. */
    public void set(byte[] url, int newLength) {
        bytes = url;
        length = newLength;
        int h = 1;
        for (int i = 0; i < newLength; i++) {
            h = 31 * h + url[i];
        }
        hash = h;
    }

    /** One that keeps its own bytes. */
    public CacheKey copy() {
        return new CacheKey(Arrays.copyOf(bytes, length));
    }

    public int length() {
        return length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CacheKey key && key.hash == hash && Arrays.equals(bytes, 0, length, key.bytes, 0, key.length);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The URL. */
    @Override
    public String toString() {
        return new String(bytes, 0, length, java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
