package dev.banyan.photos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which action answers which method and path. A path's segments are literal or {@code {name}}, which takes any one segment. */
final class Routes {
    /** What answers a request; may block. */
    interface Action {
        Answer on(Exchange exchange) throws Exception;
    }

    /** What the table says about a request. */
    sealed interface Match {
        record Found(Action action, Map<String, String> path) implements Match {}

        record OtherMethods(Set<String> allowed) implements Match {}

        record Unknown() implements Match {}
    }

    private record Route(String method, String[] segments, Action action) {}

    private final List<Route> routes = new ArrayList<>();

    /** Adds routes as {@code "GET /photos/{id}"}; the first that fits wins. */
    Routes add(String methodAndPath, Action action) {
        int space = methodAndPath.indexOf(' ');
        routes.add(new Route(methodAndPath.substring(0, space), methodAndPath.substring(space + 2).split("/", -1), action));
        return this;
    }

    Match match(String method, String path) {
        String wanted = method.equals("HEAD") ? "GET" : method;
        String[] segments = path.substring(1).split("/", -1);
        Set<String> allowed = new TreeSet<>();
        for (Route route : routes) {
            Map<String, String> parts = parts(route.segments(), segments);
            if (parts != null && route.method().equals(wanted)) {
                return new Match.Found(route.action(), parts);
            }
            if (parts != null) {
                allowed.add(route.method());
            }
        }
        return allowed.isEmpty() ? new Match.Unknown() : new Match.OtherMethods(allowed);
    }

    private static Map<String, String> parts(String[] pattern, String[] segments) {
        if (pattern.length != segments.length) {
            return null;
        }
        Map<String, String> parts = new HashMap<>();
        for (int i = 0; i < pattern.length; i++) {
            if (pattern[i].startsWith("{") && !segments[i].isEmpty()) {
                parts.put(pattern[i].substring(1, pattern[i].length() - 1), segments[i]);
            } else if (!pattern[i].equals(segments[i])) {
                return null;
            }
        }
        return parts;
    }
}
