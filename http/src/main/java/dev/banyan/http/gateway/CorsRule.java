package dev.banyan.http.gateway;

import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.topology.Route.Cors;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which other origins' pages may use a route from a browser. Immutable.
 *
 * @see <a href="https://fetch.spec.whatwg.org/#http-cors-protocol">Fetch standard, CORS protocol</a>
 */
final class CorsRule {
    static final byte[] ORIGIN = HeadBuffer.ascii("origin");
    static final byte[] REQUEST_METHOD = HeadBuffer.ascii("access-control-request-method");

    private static final List<String> WRITTEN = List.of("Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers");
    private static final List<String> SIMPLE = List.of("GET", "HEAD", "POST");
    private static final FieldLine VARY = new FieldLine("Vary", "Origin");
    private static final FieldLine VARY_PREFLIGHT = new FieldLine("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
    private static final FieldLine ANY = new FieldLine("Access-Control-Allow-Origin", "*");
    private static final FieldLine CREDENTIALS = new FieldLine("Access-Control-Allow-Credentials", "true");
    private static final FieldLine NO_STORE = new FieldLine("Cache-Control", "no-store");

    private final Cors cors;
    private final boolean any;
    private final String methods;

    CorsRule(Cors cors) {
        this.cors = cors;
        this.any = cors.origins().contains("*");
        Set<String> all = new LinkedHashSet<>(SIMPLE);
        all.addAll(cors.methods());
        this.methods = String.join(", ", all);
    }

    /** What a preflight is answered; no service is asked. */
    LocalAnswer preflight(Fields request) {
        String origin = origin(request);
        if (!allows(origin)) {
            return new LocalAnswer(403, "pages of that origin may not use this", 0).with(VARY_PREFLIGHT);
        }
        List<FieldLine> fields = new ArrayList<>(List.of(NO_STORE, VARY_PREFLIGHT, allowed(origin), new FieldLine("Access-Control-Allow-Methods", methods)));
        if (!cors.headers().isEmpty()) {
            fields.add(new FieldLine("Access-Control-Allow-Headers", String.join(", ", cors.headers())));
        }
        if (cors.credentials()) {
            fields.add(CREDENTIALS);
        }
        fields.add(new FieldLine("Access-Control-Max-Age", Long.toString(cors.maxAge().toSeconds())));
        return new LocalAnswer(204, "preflight", fields, new byte[0]);
    }

    /** Notes what an answer says of it, in the place of what a service says. An answer that depends on the origin says so always. */
    void apply(Fields request, FieldEdits response) {
        WRITTEN.forEach(response::remove);
        if (!any) {
            response.add(VARY);
        }
        String origin = origin(request);
        if (origin.isEmpty() ? !any : !allows(origin)) {
            return;
        }
        response.add(allowed(origin));
        if (cors.credentials()) {
            response.add(CREDENTIALS);
        }
        if (!cors.expose().isEmpty()) {
            response.add(new FieldLine("Access-Control-Expose-Headers", String.join(", ", cors.expose())));
        }
    }

    private FieldLine allowed(String origin) {
        return any ? ANY : new FieldLine("Access-Control-Allow-Origin", origin);
    }

    private static String origin(Fields request) {
        int field = request.find(ORIGIN);
        return field < 0 ? "" : request.value(field);
    }

    boolean allows(String origin) {
        String asked = origin.toLowerCase(Locale.ROOT);
        return any || cors.origins().stream().anyMatch(allowed -> fits(allowed, asked));
    }

    /** An origin, or all below one: {@code https://*.example.com}. */
    private static boolean fits(String allowed, String asked) {
        int star = allowed.indexOf("://*.");
        if (star < 0) {
            return allowed.equals(asked);
        }
        String scheme = allowed.substring(0, star + 3);
        String below = allowed.substring(star + 4);
        int named = asked.length() - below.length();
        return asked.startsWith(scheme) && asked.endsWith(below) && named > scheme.length()
                && asked.substring(scheme.length(), named).chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.');
    }
}
