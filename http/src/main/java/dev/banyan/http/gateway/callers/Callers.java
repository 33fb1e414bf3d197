package dev.banyan.http.gateway.callers;

import dev.banyan.http.gateway.Check;
import dev.banyan.topology.Admission;
import dev.banyan.topology.BanyanException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;

/**
 * Who callers are, as {@code gateway.callers} of the site file says; makes the checks of routes. Files and keys are kept fresh until it is
 * closed. Safe for any thread.
 *
 * <p>For a new site: {@link #use} it, make the checks of its routes anew, and let the former checks end with their requests.
 */
public final class Callers implements AutoCloseable {
    private final Surroundings around;
    private final KeyFetch fetch;
    private final PasswordHashing hashing;
    private final Map<KeysUrl.Place, KeysUrl> urls = new HashMap<>();
    private List<AutoCloseable> files = List.of();
    private List<Way> ways = List.of();
    private PassedClaims passed = new PassedClaims(List.of());
    private Failures failures = new Failures(1);
    private String realm = "";

    private Callers(Surroundings around) {
        this.around = around;
        this.fetch = new KeyFetch(around.blocking());
        this.hashing = new PasswordHashing(around.blocking());
    }

    /** Knows nobody yet. */
    public static Callers of(Surroundings around) {
        return new Callers(around);
    }

    /**
     * Takes another site's callers; keys that are fetched from the same place go on. Reads files, so no IO loop may call it.
     *
     * @param site its paths are absolute, or relative to the working directory
     * @throws BanyanException BAD_SITE_FILE when a file cannot be used; then nothing has changed
     */
    public synchronized void use(Optional<dev.banyan.topology.Callers> site) {
        List<AutoCloseable> opened = new ArrayList<>();
        Failures counted = new Failures(site.map(dev.banyan.topology.Callers::failures).orElse(1));
        try {
            ways = site.map(asked -> ways(asked, counted, opened)).orElse(List.of());
        } catch (BanyanException e) {
            opened.forEach(Callers::close);
            throw e;
        }
        files.forEach(Callers::close);
        files = opened;
        failures = counted;
        passed = new PassedClaims(site.map(dev.banyan.topology.Callers::pass).orElse(List.of()));
        realm = site.map(dev.banyan.topology.Callers::realm).orElse("");
        closeUnused(site);
    }

    /** The check of a route; empty when there is nothing to be checked. Asked in the order of keys, tokens, passwords. */
    public synchronized Optional<Check> check(Optional<Admission> asked) {
        if (asked.isEmpty()) {
            return passed.none() ? Optional.empty() : Optional.of(passed);
        }
        List<AdmissionCheck.Counted> wanted = ways.stream()
                .filter(way -> asked.get().by().isEmpty() || asked.get().by().stream().anyMatch(by -> is(way, by)))
                .map(way -> new AdmissionCheck.Counted(way, new CallerMetrics(around.registry(), way)))
                .toList();
        return Optional.of(new AdmissionCheck(asked.get(), wanted, passed, failures, realm));
    }

    private static boolean is(Way way, Admission.Way by) {
        return switch (way) {
            case ApiKeys _ -> by == Admission.Way.KEY;
            case Tokens _ -> by == Admission.Way.TOKEN;
            case Passwords _ -> by == Admission.Way.PASSWORD;
        };
    }

    private List<Way> ways(dev.banyan.topology.Callers asked, Failures counted, List<AutoCloseable> opened) {
        List<Way> found = new ArrayList<>();
        asked.keys().ifPresent(keys -> found.add(keys(keys, counted, opened)));
        asked.tokens().ifPresent(tokens -> found.add(new Tokens(
                tokens.issuers().stream().map(issuer -> Issuer.of(issuer, source(issuer, opened))).toList(), tokens.cookie(), counted, around)));
        asked.users().ifPresent(users -> {
            WatchedFile<Map<String, String>> file = new WatchedFile<>("gateway.callers.users.file", users.file(), HtpasswdReader.LARGEST, HtpasswdReader::read, around);
            opened.add(file);
            found.add(new Passwords(file::current, users.remember(), hashing, counted, around));
        });
        return List.copyOf(found);
    }

    private ApiKeys keys(dev.banyan.topology.Callers.Keys asked, Failures counted, List<AutoCloseable> opened) {
        Map<Digest, ApiKeys.Key> known = new HashMap<>();
        asked.known().forEach((name, key) -> {
            Map<String, Claim> labels = new HashMap<>();
            key.labels().forEach((label, value) -> labels.put(label, Claim.text(value)));
            known.put(Digest.parse(key.sha256()), new ApiKeys.Key(Caller.of(name, labels), key.expires().map(java.time.Instant::toEpochMilli).orElse(Long.MAX_VALUE)));
        });
        Optional<WatchedFile<Map<Digest, ApiKeys.Key>>> file = asked.file()
                .map(path -> new WatchedFile<>("gateway.callers.keys.file", path, KeysFileReader.LARGEST, KeysFileReader::read, around));
        file.ifPresent(opened::add);
        return new ApiKeys(asked.header(), asked.query(), known, () -> file.map(WatchedFile::current).orElse(Map.of()), counted, around);
    }

    private KeySource source(dev.banyan.topology.Callers.Issuer issuer, List<AutoCloseable> opened) {
        if (issuer.keysUrl().isPresent()) {
            return urls.computeIfAbsent(place(issuer), at -> new KeysUrl(at, fetch, around));
        }
        if (issuer.keysFile().isPresent()) {
            WatchedFile<KeySet> file = new WatchedFile<>("gateway.callers.tokens.issuers.keys-file", issuer.keysFile().get(), KeySetReader.LARGEST, KeySetReader::read, around);
            opened.add(file);
            return file::current;
        }
        byte[] secret = issuer.secret().orElseThrow().reveal().getBytes(StandardCharsets.UTF_8);
        KeySet keys = new KeySet(List.of(new KeySet.Entry(Optional.empty(), KeyKind.SECRET, Optional.empty(), new SecretKeySpec(secret, "HMAC"))));
        return () -> keys;
    }

    private static KeysUrl.Place place(dev.banyan.topology.Callers.Issuer issuer) {
        return new KeysUrl.Place(URI.create(issuer.keysUrl().orElseThrow()), issuer.refresh(), issuer.timeout());
    }

    /** With them goes what a site that could not be used had asked for. */
    private void closeUnused(Optional<dev.banyan.topology.Callers> site) {
        List<KeysUrl.Place> wanted = site.flatMap(dev.banyan.topology.Callers::tokens).stream()
                .flatMap(tokens -> tokens.issuers().stream()).filter(issuer -> issuer.keysUrl().isPresent()).map(Callers::place).toList();
        urls.entrySet().removeIf(each -> {
            boolean unused = !wanted.contains(each.getKey());
            if (unused) {
                each.getValue().close();
            }
            return unused;
        });
    }

    private static void close(AutoCloseable opened) {
        try {
            opened.close();
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Ends looking at files and fetching keys. Checks go on with what is there. */
    @Override
    public synchronized void close() {
        files.forEach(Callers::close);
        urls.values().forEach(KeysUrl::close);
        fetch.close();
    }
}
