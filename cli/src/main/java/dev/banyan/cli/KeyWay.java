package dev.banyan.cli;

import dev.banyan.cache.Explained;
import dev.banyan.console.KeyExplanation;
import dev.banyan.console.Site.Fact;
import dev.banyan.resp.Node;
import dev.banyan.resp.RespRouter;
import dev.banyan.resp.wire.Reply;
import dev.banyan.topology.Cache;
import dev.banyan.topology.CacheKeys;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What is known of a key of the cache, in words: where it lies, what is declared for it, what is there now. */
record KeyWay(Cache cache, RespRouter router, SiteCache site) {
    private static final int MOST_HOT = 64;
    private static final long PATIENCE_MILLIS = 1000;
    private static final long NO_EXPIRY = -1;
    private static final long NOT_THERE = -2;

    KeyExplanation explain(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        Optional<CacheKeys> declared = cache.keys().stream().filter(keys -> key.startsWith(keys.prefix())).max(Comparator.comparingInt(keys -> keys.prefix().length()));
        Optional<Node> node = router.nodeOf(bytes);
        List<Fact> facts = new ArrayList<>();
        node.ifPresent(has -> facts.addAll(atNode(bytes, has)));
        facts.addAll(near(key));
        site.explain(key).ifPresent(explained -> facts.addAll(declared(explained, declared)));
        return new KeyExplanation(key, node.map(Node::name).orElse(""), declared.map(CacheKeys::prefix).orElse(""), declared.map(CacheKeysSeen::strategy).orElse(""), facts);
    }

    private List<Fact> atNode(byte[] key, Node node) {
        if (router.down().contains(node)) {
            return List.of(new Fact("there", node.name() + " cannot be reached: it is answered as missing"));
        }
        CompletableFuture<Reply> left = ask(key, "PTTL");
        CompletableFuture<Reply> type = ask(key, "TYPE");
        CompletableFuture<Reply> bytes = ask(key, "MEMORY", "USAGE");
        Optional<Long> millis = Optional.of(left.join()).filter(Reply.Number.class::isInstance).map(reply -> ((Reply.Number) reply).value());
        List<Fact> facts = new ArrayList<>(List.of(new Fact("at", node.address().toString()), new Fact("there", millis.map(KeyWay::there).orElse("not known: " + node.name() + " does not answer"))));
        if (millis.filter(time -> time != NOT_THERE).isPresent()) {
            if (type.join() instanceof Reply.Simple(String text)) {
                facts.add(new Fact("kept as", text));
            }
            if (bytes.join() instanceof Reply.Number(long count)) {
                facts.add(new Fact("memory", count + " bytes"));
            }
        }
        return facts;
    }

    private static String there(long millis) {
        return millis == NOT_THERE ? "no" : millis == NO_EXPIRY ? "yes, without an expiry" : String.format(Locale.ROOT, "yes, for %.1f s more", millis / 1000.0);
    }

    private CompletableFuture<Reply> ask(byte[] key, String... words) {
        byte[][] command = Stream.concat(Stream.of(words).map(word -> word.getBytes(StandardCharsets.US_ASCII)), Stream.of(key)).toArray(byte[][]::new);
        return router.store().send(key, command).toCompletableFuture().exceptionally(down -> Reply.failure("ERR " + down.getMessage()))
                .completeOnTimeout(Reply.NULL, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private List<Fact> near(String key) {
        return router.hotKeys(MOST_HOT).completeOnTimeout(List.of(), PATIENCE_MILLIS, TimeUnit.MILLISECONDS).join().stream()
                .filter(hot -> hot.text().equals(key)).findFirst()
                .map(hot -> List.of(new Fact("reads", String.format(Locale.ROOT, "%.0f a second", hot.perSecond()) + (hot.perSecond() >= cache.router().near().hot()
                        ? ": hot, answered by the router's own copy" : "")))).orElse(List.of());
    }

    private static List<Fact> declared(Explained explained, Optional<CacheKeys> declared) {
        List<Fact> facts = new ArrayList<>(List.of(new Fact("entry", explained.entry() + (explained.ageMillis() < 0 ? "" : ", loaded %.1f s ago".formatted(explained.ageMillis() / 1000.0)))));
        explained.changedBy().ifPresent(xid -> facts.add(new Fact("last changed by", "transaction " + xid)));
        explained.pending().ifPresent(writes -> facts.add(new Fact("in the journal", writes)));
        facts.add(new Fact("a miss runs", declared.flatMap(CacheKeys::sql).map(String::strip).orElse(explained.sql())));
        if (!explained.parameters().isEmpty()) {
            facts.add(new Fact("with", String.join(", ", explained.parameters())));
        }
        declared.filter(keys -> keys.strategy() != CacheKeys.Strategy.CACHE_ASIDE).ifPresent(keys -> {
            facts.add(new Fact("kept for", keys.ttl().toMillis() / 1000.0 + " s at most"));
            facts.add(new Fact("when its row changes", keys.onChange().name().toLowerCase(Locale.ROOT)));
        });
        return facts;
    }
}
