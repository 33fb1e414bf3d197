package dev.banyan.console;

import dev.banyan.topology.HostPort;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who may do what. A browser on this machine can be made to send requests here by any page it shows; so three things are checked:
 *
 * <ul>
 *   <li>the Host header names this machine (a name that an attacker's DNS points here does not: DNS rebinding),
 *   <li>a request that a browser says comes from another origin is refused (Origin and Sec-Fetch-Site: cross-site request forgery),
 *   <li>a change brings the token, as Bearer or by the page's cookie. So does a reading, unless this listens on loopback only.
 * </ul>
 */
final class Gate {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");
    private static final Pattern ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*");
    private static final String BEARER = "Bearer ";

    private final HostPort listen;
    private final Token token;
    private final Optional<ConsoleTls> tls;
    private final WrongTokens wrong;
    private final String cookieName;

    /** @param listen where it really listens, with the port that was chosen */
    Gate(HostPort listen, Token token, Optional<ConsoleTls> tls, WrongTokens wrong) {
        this.listen = listen;
        this.token = token;
        this.tls = tls;
        this.wrong = wrong;
        this.cookieName = "banyan-" + listen.port();
    }

    /** Whether only this machine can reach it. */
    boolean isLoopback() {
        return listen.isLoopback();
    }

    Verdict judge(Request request) {
        if (!isOurName(request.host())) {
            return new Verdict.Refused(421, "this console does not answer to the name '" + request.host() + "'; open " + scheme() + shown() + "/");
        }
        if (isForeign(request)) {
            return new Verdict.Refused(403, "the request comes from another site's page (origin " + request.origin().orElse("unknown") + ")");
        }
        // On this machine a right token is always right: whoever guesses here must not keep the owner out.
        if (!isLoopback() && !isHere(request.from()) && wrong.tooMany(request.from())) {
            return new Verdict.Refused(429, "too many wrong tokens came from " + request.from() + ": what it shows is not looked at for " + WrongTokens.SECONDS_EACH
                    + " s or more; the right one is in .banyan/console.token");
        }
        Optional<String> who = who(request);
        if (who.isEmpty()) {
            request.shown(cookieName).ifPresent(secret -> wrong.add(request.from(), secret));
        }
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        if (who.isPresent()) {
            return new Verdict.Open(who.get(), true);
        }
        return reads && isLoopback()
                ? new Verdict.Open("anyone", false)
                : new Verdict.Refused(401, (reads ? "reading from afar" : "a change") + " needs the token: open the link that `banyan up` printed, or send"
                        + " 'Authorization: Bearer TOKEN' with what is in .banyan/console.token");
    }

    /** The cookie for a page that was opened with the token. */
    String cookie() {
        return cookieName + "=" + token.cookie() + "; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict" + (tls.isPresent() ? "; Secure" : "");
    }

    private boolean isOurName(String host) {
        String name = name(host);
        return LOOPBACK.contains(name) || name.equals(listen.host().toLowerCase(Locale.ROOT)) || !isLoopback() && ADDRESS.matcher(name).matches()
                || tls.filter(shown -> shown.vouchesFor(name)).isPresent();
    }

    /** Whether that address is this machine's loopback, as the JDK writes it. */
    private static boolean isHere(String address) {
        return address.startsWith("127.") || address.equals("0:0:0:0:0:0:0:1");
    }

    private String scheme() {
        return tls.isPresent() ? "https://" : "http://";
    }

    private boolean isForeign(Request request) {
        boolean foreignOrigin = request.origin().isPresent() && !request.origin().get().equals(scheme() + request.host());
        boolean foreignFetch = request.fetchSite().isPresent() && !Set.of("same-origin", "none").contains(request.fetchSite().get());
        // A link from elsewhere may open the page itself: that shows nothing to who made the link.
        return foreignOrigin || foreignFetch && !request.isPage();
    }

    private Optional<String> who(Request request) {
        Optional<String> bearer = request.authorization().filter(value -> value.startsWith(BEARER)).map(value -> value.substring(BEARER.length()));
        if (bearer.filter(token::is).isPresent()) {
            return Optional.of("token");
        }
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        boolean ours = request.cookie(cookieName).filter(token::isCookie).isPresent();
        // Browsers send Origin with each POST: one without it is none of the page's.
        return ours && (reads || request.origin().isPresent()) ? Optional.of("page") : Optional.empty();
    }

    private String shown() {
        return isLoopback() ? listen.toString() : "ADDRESS:" + listen.port();
    }

    private static String name(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (name.startsWith("[")) {
            int end = name.indexOf(']');
            return end < 0 ? name : name.substring(1, end);
        }
        int colon = name.indexOf(':');
        return colon < 0 ? name : name.substring(0, colon);
    }

    /**
     * What is looked at of a request.
     *
     * @param from the address that it came from
     */
    record Request(
            String from,
            String method,
            boolean isPage,
            String host,
            Optional<String> origin,
            Optional<String> fetchSite,
            Optional<String> authorization,
            Optional<String> cookies) {
        /** The secret that was shown, whether it is right or not. */
        Optional<String> shown(String cookieName) {
            return authorization.or(() -> cookie(cookieName));
        }

        Optional<String> cookie(String name) {
            for (String pair : cookies.orElse("").split(";")) {
                int equals = pair.indexOf('=');
                if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                    return Optional.of(pair.substring(equals + 1).strip());
                }
            }
            return Optional.empty();
        }
    }

    /** What comes of it. */
    sealed interface Verdict {
        /**
         * Go on.
         *
         * @param who for the log
         * @param mayChange whether it brought the token
         */
        record Open(String who, boolean mayChange) implements Verdict {}

        /** No, with this HTTP status and sentence. */
        record Refused(int status, String why) implements Verdict {}
    }
}
