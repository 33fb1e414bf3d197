package dev.banyan.topology.file;

import dev.banyan.topology.Admission;
import dev.banyan.topology.Admission.Way;
import dev.banyan.topology.Callers;
import dev.banyan.topology.Callers.Issuer;
import dev.banyan.topology.Gateway;
import dev.banyan.topology.Route;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What must hold in {@code gateway.callers}, and between it and what routes ask for. */
record CallersCheck(Gateway gateway, Findings findings) {
    private static final String CALLERS = "gateway.callers";
    private static final int SHORTEST_SECRET = 32;
    /** What belongs to a connection, a message or the gateway itself: no place for a name or a key. */
    private static final Set<String> TAKEN = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    static {
        TAKEN.addAll(List.of("Host", "Connection", "Content-Length", "Transfer-Encoding", "Upgrade", "Expect", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Cookie",
                "Authorization", "Content-Type", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Real-IP", "Forwarded", "X-Request-Id", "traceparent"));
    }

    void check() {
        gateway.callers().ifPresent(this::callers);
        for (int i = 0; i < gateway.routes().size(); i++) {
            Route route = gateway.routes().get(i);
            String path = "gateway.routes[" + i + "].callers";
            route.callers().ifPresent(admission -> admission(admission, path));
        }
    }

    private void callers(Callers callers) {
        if (ways(callers).isEmpty()) {
            problem(CALLERS, "has no way for a caller to show who it is: give keys, tokens or users");
        }
        callers.keys().ifPresent(this::keys);
        callers.tokens().ifPresent(tokens -> {
            if (tokens.issuers().isEmpty()) {
                problem(CALLERS + ".tokens", "names no issuer: give at least one in issuers");
            }
            issuers(tokens.issuers());
        });
        headers(callers);
    }

    private void keys(Callers.Keys keys) {
        if (keys.known().isEmpty() && keys.file().isEmpty()) {
            problem(CALLERS + ".keys", "has no key: give known or file");
        }
        Map<String, String> names = new HashMap<>();
        new TreeMap<>(keys.known()).forEach((name, key) -> {
            String other = names.putIfAbsent(key.sha256(), name);
            if (other != null) {
                problem(CALLERS + ".keys.known." + name + ".sha256", "is the key of " + other + " too: make one for each caller, with 'openssl rand -hex 32'");
            }
        });
    }

    private void issuers(List<Issuer> issuers) {
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < issuers.size(); i++) {
            String path = CALLERS + ".tokens.issuers[" + i + "]";
            if (findings.bad(path)) {
                continue;
            }
            Issuer issuer = issuers.get(i);
            if (seen.contains(issuer.issuer()) && !findings.bad(path + ".issuer")) {
                problem(path + ".issuer", "is in the list twice: keep one, with all its keys");
            }
            seen.add(issuer.issuer());
            secret(issuer, path);
        }
    }

    private void secret(Issuer issuer, String path) {
        boolean shared = issuer.secret().isPresent();
        int needed = issuer.algorithms().stream().filter(algorithm -> algorithm.startsWith("HS")).mapToInt(algorithm -> Integer.parseInt(algorithm.substring(2)) / 8).max().orElse(SHORTEST_SECRET);
        int length = issuer.secret().map(secret -> secret.reveal().length()).orElse(needed);
        if (length < needed) {
            problem(path + ".secret", "has " + length + " characters, and whoever has one token can try them all: give at least " + needed
                    + " at random for these algorithms (RFC 7518, 3.2), as 'openssl rand -hex " + needed / 2 + "'");
        }
        for (int i = 0; i < issuer.algorithms().size(); i++) {
            String algorithm = issuer.algorithms().get(i);
            if (algorithm.startsWith("HS") != shared) {
                problem(path + ".algorithms[" + i + "]", shared ? "is for public keys, and this issuer has a secret: HS256, HS384 or HS512, or keys-url or keys-file in the secret's place"
                        : "signs with a secret, and this issuer has public keys: whoever knows those could sign; remove it, or give a secret in place of the keys");
            }
        }
    }

    /** A header that the service believes must have one meaning. */
    private void headers(Callers callers) {
        Map<String, String> owners = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        callers.keys().ifPresent(keys -> header(CALLERS + ".keys.header", keys.header(), owners));
        header("gateway.identity-header", gateway.identityHeader(), owners);
        for (int i = 0; i < callers.pass().size(); i++) {
            header(CALLERS + ".pass[" + i + "].header", callers.pass().get(i).header(), owners);
        }
    }

    private void header(String path, String name, Map<String, String> owners) {
        if (TAKEN.contains(name)) {
            problem(path, name + " has a meaning of its own: choose another, as X-Caller-Plan");
            return;
        }
        String other = owners.putIfAbsent(name.replace('_', '-'), path);
        if (other != null) {
            problem(path, "is the header of " + other + " too: choose another");
        }
    }

    private void admission(Admission admission, String path) {
        Optional<Callers> callers = gateway.callers();
        if (callers.isEmpty()) {
            problem(path, "asks who calls, and " + CALLERS + " does not say how callers show it: give it keys, tokens or users");
            return;
        }
        Set<Way> ways = ways(callers.get());
        for (int i = 0; i < admission.by().size(); i++) {
            if (!ways.contains(admission.by().get(i))) {
                problem(path + ".by[" + i + "]", "is a way that " + CALLERS + " has not: give it " + section(admission.by().get(i)) + ", or remove it here");
            }
        }
        if (admission.optional() && !(admission.names().isEmpty() && admission.claims().isEmpty())) {
            findings.warning(path + ".optional", "lets in who shows nothing, whatever names and claims say: those hold for callers that show who they are");
        }
    }

    private static String section(Way way) {
        return switch (way) {
            case KEY -> "keys";
            case TOKEN -> "tokens";
            case PASSWORD -> "users";
        };
    }

    private static Set<Way> ways(Callers callers) {
        Set<Way> ways = EnumSet.noneOf(Way.class);
        callers.keys().ifPresent(_ -> ways.add(Way.KEY));
        callers.tokens().ifPresent(_ -> ways.add(Way.TOKEN));
        callers.users().ifPresent(_ -> ways.add(Way.PASSWORD));
        return ways;
    }

    private void problem(String path, String message) {
        if (!findings.bad(path)) {
            findings.problem(findings.at(path), path, message);
        }
    }
}
