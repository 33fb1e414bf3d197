package dev.banyan.http.gateway;

import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.Gateway;
import dev.banyan.topology.Route;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * The gateway's part of a site, ready for requests: which route takes one is found by its host, then along its path's segments, without an
 * object being made; of all that take it the first in file order counts. Immutable: a changed site makes a new one, and a request keeps to
 * the one it began with.
 */
public final class RouteTable {
    private final RouteRule[] rules;
    private final RouteRule usual;
    private final ByteMap<PathNode> hosts;
    /** By what follows {@code *.} in their hosts. */
    private final ByteMap<PathNode> hostsBelow;
    private final boolean hasHostsBelow;
    private final PathNode anyHost;
    private final boolean ignoreCase;
    private final ErrorPages pages;
    private final MaintenanceRule maintenance;
    private final String identityHeader;
    private final byte[] identityName;

    private RouteTable(Gateway gateway, Path beside, Checks checks) {
        List<Route> routes = gateway.routes();
        rules = new RouteRule[routes.size()];
        Map<String, PathNode.Builder> exact = new HashMap<>();
        Map<String, PathNode.Builder> below = new HashMap<>();
        PathNode.Builder any = new PathNode.Builder(gateway.ignoreCase());
        for (int i = 0; i < rules.length; i++) {
            Route route = routes.get(i);
            rules[i] = RouteRule.of(i, route, beside, checks);
            if (route.hosts().isEmpty()) {
                any.add(route.path(), route.exact(), i);
            }
            for (String host : route.hosts().stream().map(name -> name.toLowerCase(Locale.ROOT)).distinct().toList()) {
                boolean wild = host.startsWith("*.");
                (wild ? below : exact).computeIfAbsent(wild ? host.substring(2) : host, _ -> new PathNode.Builder(gateway.ignoreCase())).add(route.path(), route.exact(), i);
            }
        }
        usual = RouteRule.usual(checks);
        hosts = built(exact);
        hostsBelow = built(below);
        hasHostsBelow = !below.isEmpty();
        anyHost = any.build();
        ignoreCase = gateway.ignoreCase();
        pages = new ErrorPages(gateway.errorPages(), beside);
        maintenance = MaintenanceRule.of(gateway.maintenance(), beside);
        identityHeader = gateway.identityHeader();
        identityName = HeadBuffer.ascii(identityHeader.toLowerCase(Locale.ROOT));
    }

    /**
     * Makes a table; reads pages from the disk.
     *
     * @param beside the folder that the site file's paths are relative to
     * @throws BanyanException BAD_SITE_FILE when a page cannot be read
     */
    public static RouteTable of(Gateway gateway, Path beside, Checks checks) {
        return new RouteTable(gateway, beside, checks);
    }

    private static ByteMap<PathNode> built(Map<String, PathNode.Builder> builders) {
        Map<String, PathNode> nodes = new HashMap<>();
        builders.forEach((host, builder) -> nodes.put(host, builder.build()));
        return ByteMap.of(nodes, true);
    }

    /** The names of all services that requests, or copies of them, may go to; {@link dev.banyan.topology.Topology#APPLICATION} is always among them. */
    public SortedSet<String> services() {
        SortedSet<String> names = new TreeSet<>(usual.services().services());
        for (RouteRule rule : rules) {
            names.addAll(rule.services().services());
            rule.route().flatMap(Route::mirror).ifPresent(mirror -> names.add(mirror.service()));
        }
        return names;
    }

    /** Whether files of a folder are answers of some route. */
    public boolean hasFiles() {
        return Arrays.stream(rules).anyMatch(rule -> rule.folder() != null);
    }

    /** An answer of the front door's own as the site has it: with its page for that status, where there is one. */
    public LocalAnswer dress(LocalAnswer answer) {
        return pages.dress(answer);
    }

    /**
     * What becomes of a request and why, without counting it anywhere.
     *
     * @param call begun with the request; noted in it is what would be changed
     * @param random draws for shares as for any request
     */
    public Explanation explain(Call call, RandomGenerator random, long nowNanos) {
        return new Explainer(this, call, random, nowNanos).explain();
    }

    RouteRule[] rules() {
        return rules;
    }

    /** For requests that no route takes. */
    RouteRule usual() {
        return usual;
    }

    ByteMap<PathNode> hosts() {
        return hosts;
    }

    ByteMap<PathNode> hostsBelow() {
        return hostsBelow;
    }

    boolean hasHostsBelow() {
        return hasHostsBelow;
    }

    PathNode anyHost() {
        return anyHost;
    }

    /** Whether the case of letters in paths means nothing. */
    boolean ignoresCase() {
        return ignoreCase;
    }

    /** What stands in for a service's answer of that status; null when that goes by. */
    LocalAnswer instead(int status) {
        return pages.instead(status);
    }

    /** Null when the site answers everybody. */
    MaintenanceRule maintenance() {
        return maintenance;
    }

    /** The header in which services are told who calls. */
    String identityHeader() {
        return identityHeader;
    }

    /** Takes out what a client says of who it is. */
    void disown(Fields came, FieldEdits request) {
        FieldRewriting.removeImitations(came, identityName, request);
    }
}
