package dev.banyan.http.gateway.callers;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A map that forgets what has not been asked for lately, so that it never holds more than a number of entries (and one more for each thread
 * that is just adding). Safe for any thread.
 *
 * <p>New entries and those asked for go to the young half; when it is full the old half is dropped and the young one becomes the old.
 */
final class RecentMap<K, V> {
    private record Halves<K, V>(ConcurrentHashMap<K, V> young, Map<K, V> old) {}

    private final int half;
    private volatile Halves<K, V> halves = new Halves<>(new ConcurrentHashMap<>(), Map.of());

    RecentMap(int most) {
        half = Math.max(1, most / 2);
    }

    /** Null when it is not there. */
    V get(K key) {
        Halves<K, V> now = halves;
        V value = now.young.get(key);
        if (value == null) {
            value = now.old.get(key);
            if (value != null) {
                put(key, value);
            }
        }
        return value;
    }

    void put(K key, V value) {
        room().put(key, value);
    }

    V get(K key, Function<K, V> otherwise) {
        V value = get(key);
        return value != null ? value : room().computeIfAbsent(key, otherwise);
    }

    int size() {
        Halves<K, V> now = halves;
        return now.young.size() + now.old.size();
    }

    private ConcurrentHashMap<K, V> room() {
        Halves<K, V> now = halves;
        return now.young.mappingCount() < half ? now.young : turn();
    }

    private synchronized ConcurrentHashMap<K, V> turn() {
        if (halves.young.mappingCount() >= half) {
            halves = new Halves<>(new ConcurrentHashMap<>(), halves.young);
        }
        return halves.young;
    }
}
