package dev.banyan.photos;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;

/** The question's side of a request: what the actions may ask about it. Owned by the request's thread. */
final class Exchange {
    static final String SESSION_COOKIE = "photos_session";
    static final String FORM_COOKIE = "photos_form";

    private static final int MOST_TEXT = 64 * 1024;

    private final Request request;
    private final Map<String, String> path;
    private final Accounts accounts;
    private Fields query;
    private Optional<Viewer> viewer;

    Exchange(Request request, Map<String, String> path, Accounts accounts) {
        this.request = request;
        this.path = path;
        this.accounts = accounts;
    }

    Request request() {
        return request;
    }

    String method() {
        return request.getMethod();
    }

    String pathAndQuery() {
        return request.getHttpURI().getPathQuery();
    }

    boolean api() {
        return Request.getPathInContext(request).startsWith("/api/");
    }

    /** The part of the path that stands for {@code {name}} in the route. */
    String part(String name) {
        return path.get(name);
    }

    Optional<String> query(String name) {
        if (query == null) {
            try {
                query = Request.extractQueryParameters(request, StandardCharsets.UTF_8);
            } catch (RuntimeException e) {
                throw new Problem(400, "The query string is not properly percent-encoded UTF-8.");
            }
        }
        return Optional.ofNullable(query.getValue(name));
    }

    String header(String name) {
        return request.getHeaders().get(name);
    }

    Optional<String> cookie(String name) {
        return cookie(request, name);
    }

    /** Whether nothing in it says who asks: everybody who asks so gets the same. */
    boolean anonymous() {
        return header("Authorization") == null && cookie(SESSION_COOKIE).isEmpty() && cookie(FORM_COOKIE).isEmpty();
    }

    static Optional<String> cookie(Request request, String name) {
        return Request.getCookies(request).stream().filter(cookie -> cookie.getName().equals(name))
                .map(HttpCookie::getValue).findFirst();
    }

    /** Whether the browser came by https, as the proxy before us says. */
    boolean secure() {
        return "https".equalsIgnoreCase(header("X-Forwarded-Proto")) || request.isSecure();
    }

    Optional<Viewer> viewer() throws SQLException {
        if (viewer == null) {
            viewer = viewer(request, accounts);
        }
        return viewer;
    }

    static Optional<Viewer> viewer(Request request, Accounts accounts) throws SQLException {
        String authorization = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return accounts.viewer(new Token(authorization.substring(7).strip()), false);
        }
        Optional<String> cookie = cookie(request, SESSION_COOKIE);
        return cookie.isEmpty() ? Optional.empty() : accounts.viewer(new Token(cookie.get()), true);
    }

    /** @throws Problem 401 if nobody is signed in */
    Viewer signedIn() throws SQLException {
        return viewer().orElseThrow(() -> new Problem(401, "This needs a session: log in first."));
    }

    InputStream body() {
        return Content.Source.asInputStream(request);
    }

    /** @throws Problem 413 beyond 64 KB */
    byte[] smallBody() throws IOException {
        byte[] bytes = body().readNBytes(MOST_TEXT + 1);
        if (bytes.length > MOST_TEXT) {
            throw new Problem(413, "The body has more than " + MOST_TEXT + " bytes.");
        }
        return bytes;
    }

    /** A JSON body as a record. */
    <T> T json(Class<T> type) throws IOException {
        String contentType = String.valueOf(header("Content-Type"));
        if (!contentType.startsWith("application/json")) {
            throw new Problem(415, "The body must have Content-Type: application/json, not " + contentType + ".");
        }
        return Json.read(smallBody(), type);
    }

    /** A urlencoded form's fields; the last of equal names wins. */
    Map<String, String> form() throws IOException {
        Map<String, String> fields = new HashMap<>();
        for (String pair : new String(smallBody(), StandardCharsets.UTF_8).split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                fields.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return fields;
    }

    private static String decoded(String raw) {
        try {
            return URLDecoder.decode(raw, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Problem(400, "The form is not properly percent-encoded.");
        }
    }
}
