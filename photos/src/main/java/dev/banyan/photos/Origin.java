package dev.banyan.photos;

import java.net.URI;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** Whether a browser's request comes from a page of this site. */
final class Origin {
    private Origin() {}

    /** True without an Origin header (no browser, or a plain navigation), or when it names the host the client asked for. */
    static boolean isOurs(Request request) {
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin == null) {
            return true;
        }
        String forwarded = request.getHeaders().get("X-Forwarded-Host");
        return matches(origin, request.getHeaders().get(HttpHeader.HOST)) || forwarded != null && matches(origin, forwarded);
    }

    static boolean matches(String origin, String host) {
        try {
            return host != null && host.equalsIgnoreCase(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
