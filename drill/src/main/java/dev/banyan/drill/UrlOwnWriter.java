package dev.banyan.drill;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Puts a text to an address of its own, each time another one, and asks for it: for sites that nothing else is known of. */
final class UrlOwnWriter implements OwnWriter {
    /** Stands in an address for what is another each time. */
    static final String KEY = "{key}";

    private final String url;
    private final Optional<String> allowRemote;
    private final RandomGenerator random;

    /** @param url that holds {@link #KEY} */
    UrlOwnWriter(String url, Optional<String> allowRemote, RandomGenerator random) {
        this.url = url;
        this.allowRemote = allowRemote;
        this.random = random;
    }

    /** @throws BanyanException USAGE, when it is no address with {@link #KEY} in its path, or is remote without a reason */
    static Target target(String url, Optional<String> allowRemote) {
        if (!url.contains(KEY)) {
            throw new BanyanException(ErrorCode.USAGE, "--own-writes is an address with " + KEY + " in it, which stands for another word each time, as http://127.0.0.1:8080/notes/" + KEY + "; not '" + url + "'");
        }
        return at(url, "key", allowRemote);
    }

    private static Target at(String url, String key, Optional<String> allowRemote) {
        try {
            return Target.of(new URI(url.replace(KEY, key)), allowRemote);
        } catch (java.net.URISyntaxException e) {
            throw new BanyanException(ErrorCode.USAGE, "--own-writes: '" + url + "' is no address: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<Look> change(Asking site) {
        String key = "banyan" + Long.toString(random.nextLong() >>> 8, 36);
        Target target = at(url, key, allowRemote);
        List<Request.Header> headers = cookies(site);
        Request put = Request.of("own_write", target, "PUT", target.path(), Request.Body.COUNT, with(headers, new Request.Header("Content-Type", "text/plain")), key.getBytes(StandardCharsets.US_ASCII));
        return site.ask(put).filter(answer -> answer.status() < 300)
                .map(_ -> new Look(Request.of("own_read", target, "GET", target.path(), Request.Body.KEEP, cookies(site), new byte[0]), answer -> Asking.holds(answer, key), "a text"));
    }

    private static List<Request.Header> cookies(Asking site) {
        String field = site.cookies().field();
        return field.isEmpty() ? List.of() : List.of(new Request.Header("Cookie", field));
    }

    private static List<Request.Header> with(List<Request.Header> headers, Request.Header more) {
        return java.util.stream.Stream.concat(headers.stream(), java.util.stream.Stream.of(more)).toList();
    }
}
