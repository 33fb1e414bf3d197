package dev.banyan.control;

import dev.banyan.control.Step.CloseCache;
import dev.banyan.control.Step.DrainCache;
import dev.banyan.control.Step.OpenCache;
import dev.banyan.control.Step.RemoveCacheNode;
import dev.banyan.control.Step.SpreadCache;
import dev.banyan.control.Step.StartCacheNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Decides the steps for the cache. Pure. It is opened before the first instance that is told of it, and closed when the last one is drained and its
 * journal is empty. Nodes are numbered from 1: those with the highest numbers go.
 */
final class CacheCourse {
    /** A journal is written to the database faster than it was filled; this is for one that is full, and a database that is slow. */
    private static final Duration DRAIN = Duration.ofMinutes(5);

    private final Observed.Caches from;
    private final boolean wanted;
    private final List<String> nodes;

    CacheCourse(Wanted to, Observed from) {
        this.from = from.cache();
        this.wanted = to.site().caches();
        this.nodes = IntStream.rangeClosed(1, to.site().cacheNodes()).mapToObj(number -> "cache-" + number).toList();
    }

    /** Before any instance is started. */
    List<Step> before() {
        List<Step> steps = new ArrayList<>();
        nodes.stream().filter(name -> !from.nodes().contains(name)).forEach(name -> steps.add(new StartCacheNode(name)));
        if (wanted && !from.open()) {
            steps.add(new OpenCache(nodes));
        } else if (wanted && !from.used().equals(nodes)) {
            steps.add(new SpreadCache(from.used(), nodes));
        }
        return steps;
    }

    /** When no instance uses it any more. */
    List<Step> closing() {
        return wanted || !from.open() ? List.of() : List.of(new DrainCache(DRAIN), new CloseCache(from.used()));
    }

    /** After the commit. */
    List<Step> after() {
        return from.nodes().stream().filter(name -> !nodes.contains(name)).<Step>map(RemoveCacheNode::new).toList().reversed();
    }
}
