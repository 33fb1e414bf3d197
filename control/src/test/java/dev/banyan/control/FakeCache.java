package dev.banyan.control;

import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Nodes and a router of the cache in memory. Every call is told to whoever writes them down, and may fail there. */
final class FakeCache implements CacheNodes, CacheDoor {
    final TreeSet<String> running = new TreeSet<>();
    final TreeSet<String> deleted = new TreeSet<>();
    List<String> used = List.of();
    boolean open;
    /** Writes that do not go into the database. */
    long stuck;
    private final Consumer<String> call;

    FakeCache(Consumer<String> call) {
        this.call = call;
    }

    @Override
    public void start(String name) {
        running.add(name);
        call.accept("start " + name);
    }

    @Override
    public void stop(String name) {
        running.remove(name);
        call.accept("stop " + name);
    }

    @Override
    public void remove(String name) {
        running.remove(name);
        deleted.add(name);
        call.accept("remove " + name);
    }

    @Override
    public void open(List<String> nodes) {
        open = true;
        used = nodes;
        call.accept("open the cache over " + nodes);
    }

    @Override
    public void use(List<String> nodes) {
        call.accept("use " + nodes);
        used = nodes;
    }

    @Override
    public long drain(Duration atMost) {
        call.accept("drain the cache");
        return stuck;
    }

    @Override
    public void close() {
        open = false;
        call.accept("close the cache");
    }
}
