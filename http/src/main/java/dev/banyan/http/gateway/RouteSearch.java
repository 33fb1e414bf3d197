package dev.banyan.http.gateway;

import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.Method;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.topology.PathPattern;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Looks for the route of one request; reused for each. Owned by one IO loop. */
final class RouteSearch {
    private static final int NONE = Integer.MAX_VALUE;

    final PathView path = new PathView();
    private RequestHead head;
    private int queryFrom;
    private Method method = Method.OTHER;
    private byte[] methodBytes;
    private int methodFrom;
    private int methodTo;
    private RouteRule[] rules;
    private int best;
    /** Routes whose headers were looked at. */
    private int[] varied = new int[4];
    private int variedCount;

    /**
     * Begins with a request.
     *
     * @return false when its path could be read in more than one way
     */
    boolean begin(RequestHead of) {
        head = of;
        int pathEnd = of.pathStart();
        while (pathEnd < of.targetEnd() && of.bytes()[pathEnd] != '?') {
            pathEnd++;
        }
        queryFrom = Math.min(pathEnd + 1, of.targetEnd());
        method(of.method(), of.bytes(), of.start(), of.methodEnd());
        return path.read(of.bytes(), of.pathStart(), pathEnd);
    }

    /** Looks for the route of another method than the request's own: the one that a preflight asks for. */
    void method(Method other, byte[] bytes, int from, int to) {
        method = other;
        methodBytes = bytes;
        methodFrom = from;
        methodTo = to;
    }

    RequestHead head() {
        return head;
    }

    /** Where the query begins, past its question mark; the target's end when there is none. */
    int queryFrom() {
        return queryFrom;
    }

    /** The first route in file order that takes the request, or null. */
    RouteRule in(RouteTable table) {
        rules = table.rules();
        best = NONE;
        variedCount = 0;
        int from = head.hostStart();
        int to = Host.end(head);
        if (from >= 0) {
            look(table.hosts().find(head.bytes(), from, to));
            for (int dot = from + 1; dot < to && table.hasHostsBelow(); dot++) {
                if (head.bytes()[dot] == '.') {
                    look(table.hostsBelow().find(head.bytes(), dot + 1, to));
                }
            }
        }
        look(table.anyHost());
        return best == NONE ? null : rules[best];
    }

    private void look(PathNode root) {
        if (root != null) {
            walk(root, 0);
        }
    }

    private void walk(PathNode node, int depth) {
        consider(node.beneath());
        if (depth == path.count()) {
            consider(node.here());
            return;
        }
        PathNode literal = node.literals().find(path.bytes(), path.start(depth), path.end(depth));
        if (literal != null) {
            walk(literal, depth + 1);
        }
        if (node.any() != null) {
            walk(node.any(), depth + 1);
        }
    }

    private void consider(int[] routes) {
        for (int route : routes) {
            if (route >= best) {
                return;
            }
            if (rules[route].takes(this)) {
                best = route;
                return;
            }
        }
    }

    boolean isMethodIn(MethodSet methods) {
        return methods.has(method, methodBytes, methodFrom, methodTo);
    }

    boolean hasParameter(FieldCondition condition) {
        return condition.parameter(head.bytes(), queryFrom, head.targetEnd());
    }

    boolean hasHeader(FieldCondition condition) {
        return condition.header(head.fields());
    }

    /** Whether a route's host takes the request; the slow way, for explaining. */
    boolean hasHost(String pattern) {
        if (head.hostStart() < 0) {
            return false;
        }
        String host = new String(head.bytes(), head.hostStart(), Host.end(head) - head.hostStart(), StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
        String lower = pattern.toLowerCase(Locale.ROOT);
        return lower.startsWith("*.") ? host.endsWith(lower.substring(1)) && host.length() >= lower.length() : host.equals(lower);
    }

    /** Whether a route's path takes the request's; the slow way, for explaining. */
    boolean hasPath(PathPattern pattern, boolean exact, boolean ignoreCase) {
        List<String> segments = pattern.segments();
        if (exact ? segments.size() != path.count() : segments.size() > path.count()) {
            return false;
        }
        for (int i = 0; i < segments.size(); i++) {
            String wanted = new String(Percent.path(segments.get(i)), StandardCharsets.ISO_8859_1);
            String there = new String(path.bytes(), path.start(i), path.end(i) - path.start(i), StandardCharsets.ISO_8859_1);
            if (PathPattern.named(segments.get(i)).isEmpty() && !(ignoreCase ? wanted.equalsIgnoreCase(there) : wanted.equals(there))) {
                return false;
            }
        }
        return true;
    }

    /** Whether a route is taken hung on headers. */
    void varies(int route) {
        if (variedCount == varied.length) {
            varied = Arrays.copyOf(varied, 2 * variedCount);
        }
        varied[variedCount++] = route;
    }

    /** Says in the answer which headers it hangs on: a cache must not give it to requests that have others. */
    void vary(FieldEdits response) {
        for (int i = 0; i < variedCount; i++) {
            if (varied[i] <= best) {
                response.add(rules[varied[i]].vary());
            }
        }
    }

    /** Whether the request asks what another origin's page may do (Fetch standard, CORS-preflight request). */
    boolean preflights() {
        Fields fields = head.fields();
        return method == Method.OPTIONS && fields.find(CorsRule.ORIGIN) >= 0 && fields.find(CorsRule.REQUEST_METHOD) >= 0;
    }
}
