package dev.banyan.photos;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Has nothing and keeps nothing: the database does it all. */
final class NoCache implements Cache {
    @Override
    public <T> Optional<T> find(String key, Class<T> type) {
        return Optional.empty();
    }

    @Override
    public void forget(String... keys) {
        // There is nothing.
    }

    @Override
    public OptionalLong number(String counter) {
        return OptionalLong.empty();
    }

    @Override
    public Added add(String counter, long amount) {
        return new Added.Not();
    }

    @Override
    public Optional<byte[]> bytes(String key) {
        return Optional.empty();
    }

    @Override
    public void keep(String key, byte[] bytes, Duration time) {
        // Not here.
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
