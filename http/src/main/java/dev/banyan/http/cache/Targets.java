package dev.banyan.http.cache;

import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/** Which URL a response's {@code Location} or {@code Content-Location} names (RFC 3986 section 5.2, for http and https). */
final class Targets {
    private Targets() {}

    /** Whether the response's {@code Content-Location} is the URL that was asked for. */
    static boolean namesItself(RequestHead request, Fields response) {
        int field = response.find(FieldName.CONTENT_LOCATION);
        if (field < 0 || request.hostStart() < 0) {
            return false;
        }
        String host = new String(request.bytes(), request.hostStart(), request.hostEnd() - request.hostStart(), StandardCharsets.ISO_8859_1);
        String path = new String(request.bytes(), request.pathStart(), request.targetEnd() - request.pathStart(), StandardCharsets.ISO_8859_1);
        String location = response.value(field);
        String scheme = location.regionMatches(true, 0, "https:", 0, 6) ? "https" : "http";
        String base = scheme + "://" + host.toLowerCase(Locale.ROOT) + (path.startsWith("/") ? path : "/" + path);
        return resolve(base, location).equals(resolve(base, base));
    }

    /**
     * The URL that a reference names.
     *
     * @param base an http or https URL
     * @return with scheme and host in lower case, no default port, no fragment and no dot segments; "" when it is no http URL
     */
    static String resolve(String base, String reference) {
        int fragment = reference.indexOf('#');
        String bare = fragment < 0 ? reference : reference.substring(0, fragment);
        int baseAuthority = base.indexOf("://") + 3;
        int basePath = base.indexOf('/', baseAuthority) < 0 ? base.length() : base.indexOf('/', baseAuthority);
        int colon = bare.indexOf(':');
        int slash = bare.indexOf('/');
        if (colon > 0 && (slash < 0 || colon < slash) && bare.substring(0, colon).matches("[A-Za-z][A-Za-z0-9+.-]*")) {
            String scheme = bare.substring(0, colon).toLowerCase(Locale.ROOT);
            boolean http = scheme.equals("http") || scheme.equals("https");
            return http && bare.startsWith("//", colon + 1) ? absolute(scheme, bare.substring(colon + 3)) : "";
        }
        String scheme = base.substring(0, baseAuthority - 3);
        if (bare.startsWith("//")) {
            return absolute(scheme, bare.substring(2));
        }
        String authority = base.substring(baseAuthority, basePath);
        return absolute(scheme, authority + relative(basePath == base.length() ? "/" : base.substring(basePath), bare));
    }

    private static String relative(String basePath, String reference) {
        if (reference.startsWith("/")) {
            return reference;
        }
        int query = basePath.indexOf('?');
        String path = query < 0 ? basePath : basePath.substring(0, query);
        if (reference.isEmpty()) {
            return basePath;
        }
        return reference.startsWith("?") ? path + reference : path.substring(0, path.lastIndexOf('/') + 1) + reference;
    }

    private static String absolute(String scheme, String authorityAndPath) {
        int path = 0;
        while (path < authorityAndPath.length() && "/?".indexOf(authorityAndPath.charAt(path)) < 0) {
            path++;
        }
        String authority = authorityAndPath.substring(0, path).toLowerCase(Locale.ROOT);
        String port = scheme.equals("https") ? ":443" : ":80";
        String host = authority.endsWith(port) ? authority.substring(0, authority.length() - port.length()) : authority;
        String rest = authorityAndPath.substring(path);
        return host.isEmpty() || host.indexOf('@') >= 0 ? "" : scheme + "://" + host + withoutDots(rest.startsWith("/") ? rest : "/" + rest);
    }

    /** RFC 3986 section 5.2.4. */
    private static String withoutDots(String pathAndQuery) {
        int query = pathAndQuery.indexOf('?');
        String path = query < 0 ? pathAndQuery : pathAndQuery.substring(0, query);
        if (!path.contains("/.")) {
            return pathAndQuery;
        }
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            switch (segments[i]) {
                case "." -> addIf(last, kept);
                case ".." -> {
                    kept.pollLast();
                    addIf(last, kept);
                }
                default -> kept.addLast(segments[i]);
            }
        }
        return "/" + String.join("/", kept) + (query < 0 ? "" : pathAndQuery.substring(query));
    }

    private static void addIf(boolean last, Deque<String> kept) {
        if (last) {
            kept.addLast("");
        }
    }

    /** Whether two URLs, both as {@link #resolve} gives them, have the same scheme, host and port. */
    static boolean sameOrigin(String a, String b) {
        return origin(a).equals(origin(b));
    }

    private static String origin(String url) {
        return url.substring(0, url.indexOf('/', url.indexOf("://") + 3));
    }
}
