package dev.banyan.http;

import dev.banyan.balance.SecretHash;
import dev.banyan.http.cache.CacheKey;
import dev.banyan.http.cache.CacheRules;
import dev.banyan.http.cache.Invalidation;
import dev.banyan.http.cache.ResponseStore;
import dev.banyan.http.gateway.limits.ClientShares;
import dev.banyan.http.wire.HeadVerdict;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.http.wire.Method;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.http.wire.ResponseHead;
import dev.banyan.net.Clock;
import dev.banyan.net.Loops;
import dev.banyan.topology.Edge;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What makes a front door an edge: what is stored, by which rules, and what is being fetched now. Safe for any thread. */
public final class EdgeCache {
    static final LocalAnswer ONLY_IF_CACHED = new LocalAnswer(504, "nothing stored answers this request, and it wants no other (only-if-cached)", 0);

    private final String name;
    private final ResponseStore store;
    private final Map<CacheKey, Fetch> flights = new ConcurrentHashMap<>();
    private Clock clock;
    private volatile ClientShares shares;
    private volatile Edge settings;
    private volatile CacheRules rules;

    /** @param name as {@code Cache-Status} has it */
    public EdgeCache(String name, Edge settings, ResponseStore store) {
        this.name = name;
        this.store = store;
        use(settings);
    }

    /** Uses new rules for every request that begins from now on; sizes stay. */
    public void use(Edge newSettings) {
        var stale = newSettings.stale();
        CacheRules usual = CacheRules.USUAL;
        rules = new CacheRules(cookies(newSettings.cookies()), usual.heuristicPercent(), usual.heuristicMost(), newSettings.negative().toSeconds(), stale.whileRevalidate().toSeconds(),
                stale.ifError().toSeconds(), usual.hitForMiss(), usual.reload());
        settings = newSettings;
        if (shares != null) {
            shares.use(newSettings.clients(), clock.nanos());
        }
    }

    /** The door that it belongs to counts its clients by this clock. */
    void begin(Clock time) {
        clock = time;
        shares = new ClientShares(settings.clients(), new SecretHash(Loops.secrets().nextLong(), Loops.secrets().nextLong()), time.nanos());
    }

    /** What one client may have here. */
    ClientShares shares() {
        return shares;
    }

    private static CacheRules.Cookies cookies(Edge.Cookies said) {
        return switch (said) {
            case STRIP -> CacheRules.Cookies.WITHOUT;
            case KEEP -> CacheRules.Cookies.KEEP;
            case REFUSE -> CacheRules.Cookies.REFUSE;
        };
    }

    public String name() {
        return name;
    }

    public ResponseStore store() {
        return store;
    }

    /**
     * The key of a URL, as a request for it has it.
     *
     * @param url as {@code https://host/path?query}
     * @param rules of the edge
     * @throws IllegalArgumentException when no request could ask for it
     */
    public static CacheKey key(String url, Edge.Key rules) {
        boolean secure = url.startsWith("https://");
        int host = secure ? "https://".length() : "http://".length();
        if (!secure && !url.startsWith("http://")) {
            throw new IllegalArgumentException("a URL begins with http:// or https://, as clients ask for it: '" + url + "' does not");
        }
        int path = host;
        while (path < url.length() && url.charAt(path) != '/' && url.charAt(path) != '?') {
            path++;
        }
        String target = path == url.length() ? "/" : url.charAt(path) == '?' ? "/" + url.substring(path) : url.substring(path);
        byte[] bytes = ("GET " + target + " HTTP/1.1\r\nHost: " + url.substring(host, path) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        RequestHead head = new RequestHead();
        if (path == host || head.read(bytes, 0, bytes.length, 1) != HeadVerdict.WHOLE) {
            throw new IllegalArgumentException("'" + url + "' is no URL that a request could ask for; write it as http://HOST/PATH, special characters as %-codes");
        }
        return new KeyWriter(rules).of(head, secure, new byte[0]).copy();
    }

    /** What is made of a request; nothing is counted, used or fetched by asking. */
    EdgeExplanation explain(Inquiry inquiry, Peer peer, byte[] fallbackHost, long nowMillis) {
        CacheKey key = new KeyWriter(settings.key()).of(inquiry.head(), ClientAddress.secure(inquiry.head().fields(), peer), fallbackHost);
        return new EdgeExplainer(name, rules, inquiry, nowMillis).explain(key.toString(), store.peek(key), fetching(key) != null);
    }

    Edge settings() {
        return settings;
    }

    CacheRules rules() {
        return rules;
    }

    /** The fetch of that key that others may join, or null: none that began before the key was purged. */
    Fetch fetching(CacheKey key) {
        Fetch found = flights.get(key);
        return found == null || found.outdated() ? null : found;
    }

    /** Lets others join a fetch, unless one of its key is under way. */
    boolean takesOff(Fetch fetch) {
        Fetch other = flights.putIfAbsent(fetch.key(), fetch);
        return other == null || other.outdated() && flights.replace(fetch.key(), other, fetch);
    }

    /**
     * A request went on to the origin and was answered: what it may have changed is used no more (RFC 9111 section 4.4).
     *
     * @param key of the request
     * @return the number of that invalidation; -1 when nothing has changed
     */
    long answered(CacheKey key, Method method, ResponseHead answer) {
        List<String> urls = Invalidation.urls(key.toString(), method, answer);
        if (urls.isEmpty()) {
            return -1;
        }
        long number = store.invalidate(key);
        for (String named : urls.subList(1, urls.size())) {
            keyOf(named).filter(other -> !other.equals(key)).ifPresent(store::invalidate);
        }
        return number;
    }

    /** The key of a URL that an answer names; empty when no request could ask for it. */
    private Optional<CacheKey> keyOf(String url) {
        try {
            return Optional.of(key(url, settings.key()));
        } catch (IllegalArgumentException unaskable) {
            return Optional.empty();
        }
    }

    void landed(Fetch fetch) {
        flights.remove(fetch.key(), fetch);
    }

    /** Fetches under way that others may join. */
    public int fetches() {
        return flights.size();
    }
}
