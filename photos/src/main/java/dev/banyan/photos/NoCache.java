package dev.banyan.photos;

import java.time.Duration;
import java.util.Optional;

/** Has nothing and keeps nothing: the database does it all. */
final class NoCache implements Cache {
    @Override
    public Found ask(String... keys) {
        return Found.NOTHING;
    }

    @Override
    public void forget(String... keys) {
        // There is nothing.
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
