package dev.banyan.topology.file;

import dev.banyan.topology.Gateway;
import dev.banyan.topology.PathPattern;
import dev.banyan.topology.Route;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Finds routes that no request can reach because an earlier one takes all of theirs. */
record RouteShadows(Gateway gateway, Findings findings) {
    private static final List<String> CONDITIONS = List.of("hosts", "path", "exact", "methods", "headers", "query");

    void check() {
        List<Route> routes = gateway.routes();
        for (int later = 1; later < routes.size(); later++) {
            for (int earlier = 0; earlier < later; earlier++) {
                if (readable(earlier) && readable(later) && takesAllOf(routes.get(earlier), routes.get(later))) {
                    String path = GatewayCheck.path(later);
                    findings.problem(findings.at(path), path, "is never reached: '" + routes.get(earlier).name() + "' in line " + findings.at(GatewayCheck.path(earlier)).line()
                            + " takes all its requests before; put this one first, or remove it");
                    break;
                }
            }
        }
    }

    private boolean readable(int route) {
        String path = GatewayCheck.path(route);
        return !findings.bad(path) && CONDITIONS.stream().noneMatch(key -> findings.bad(path + "." + key));
    }

    private boolean takesAllOf(Route earlier, Route later) {
        return hosts(earlier.hosts(), later.hosts())
                && path(earlier, later)
                && methods(earlier.methods(), later.methods())
                && later.headers().containsAll(earlier.headers())
                && later.query().containsAll(earlier.query());
    }

    private static boolean hosts(List<String> earlier, List<String> later) {
        return earlier.isEmpty() || !later.isEmpty() && later.stream().allMatch(host -> earlier.stream().anyMatch(pattern -> covers(lower(pattern), lower(host))));
    }

    /** {@code *.example.com} covers www.example.com and *.eu.example.com, but not example.com. */
    private static boolean covers(String pattern, String host) {
        return pattern.equals(host) || pattern.startsWith("*.") && host.endsWith(pattern.substring(1));
    }

    private boolean path(Route earlier, Route later) {
        List<String> first = earlier.path().segments();
        List<String> second = later.path().segments();
        if (earlier.exact() ? !later.exact() || first.size() != second.size() : first.size() > second.size()) {
            return false;
        }
        for (int i = 0; i < first.size(); i++) {
            if (PathPattern.named(first.get(i)).isEmpty() && !same(first.get(i), second.get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean same(String first, String second) {
        return gateway.ignoreCase() ? first.equalsIgnoreCase(second) : first.equals(second);
    }

    private static boolean methods(List<String> earlier, List<String> later) {
        Set<String> taken = new HashSet<>(earlier);
        if (taken.contains("GET")) {
            taken.add("HEAD");
        }
        return earlier.isEmpty() || !later.isEmpty() && taken.containsAll(later) && (!later.contains("GET") || taken.contains("HEAD"));
    }

    private static String lower(String host) {
        return host.toLowerCase(Locale.ROOT);
    }
}
