package dev.banyan.http.gateway;

import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.topology.Route;
import dev.banyan.topology.Route.FieldMatch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A route, ready for use: what a request must be beyond its host and path, and what is done with it. Immutable.
 *
 * @param template its path as the site file has it, for metrics and spans; empty where no route takes a request
 * @param vary what an answer depends on because of the route's headers, whether this route or a later one is taken; null when it has none
 * @param answer what every request gets at once; null when there is none
 * @param redirect where every request is sent; null when it is not
 * @param folder whose files are the answers; null when a service answers
 * @param serviceChecks those of each service that may be chosen, by its index
 */
record RouteRule(
        int index,
        Optional<Route> route,
        String template,
        MethodSet methods,
        FieldCondition[] headers,
        FieldCondition[] query,
        FieldLine vary,
        LocalAnswer answer,
        Redirection redirect,
        StaticFolder folder,
        ServiceChoice services,
        Rewriting rewrite,
        FieldRewriting requestFields,
        FieldRewriting responseFields,
        CorsRule cors,
        Check[] checks,
        Check[][] serviceChecks) {

    private static final FieldCondition[] NO_CONDITIONS = {};

    /** What becomes of requests that no route takes: the application answers. */
    static RouteRule usual(Checks checks) {
        ServiceChoice services = ServiceChoice.application();
        return new RouteRule(Integer.MAX_VALUE, Optional.empty(), "", new MethodSet(List.of()), NO_CONDITIONS, NO_CONDITIONS, null, null, null, null, services, null, null, null, null,
                array(checks.ofRoute(Optional.empty())), ofServices(checks, Optional.empty(), services));
    }

    /** @param beside the folder that the site file's paths are relative to */
    static RouteRule of(int index, Route route, Path beside, Checks checks) {
        ServiceChoice services = ServiceChoice.of(route);
        return new RouteRule(
                index,
                Optional.of(route),
                route.path().toString(),
                new MethodSet(route.methods()),
                conditions(route.headers()),
                conditions(route.query()),
                vary(route.headers()),
                route.respond().map(RouteRule::fixed).orElse(null),
                route.redirect().map(to -> new Redirection(to, route.path())).orElse(null),
                route.files().map(files -> new StaticFolder(files, beside)).orElse(null),
                services,
                route.rewrite().map(to -> Rewriting.of(to, route.path())).orElse(null),
                FieldRewriting.of(route.requestHeaders(), route.path()),
                FieldRewriting.of(route.responseHeaders(), route.path()),
                route.cors().map(CorsRule::new).orElse(null),
                array(checks.ofRoute(Optional.of(route))),
                route.files().isPresent() ? new Check[][] {{}} : ofServices(checks, Optional.of(route), services));
    }

    private static Check[] array(List<Check> checks) {
        return checks.toArray(Check[]::new);
    }

    private static Check[][] ofServices(Checks checks, Optional<Route> route, ServiceChoice services) {
        return services.services().stream().map(service -> array(checks.ofService(route, service))).toArray(Check[][]::new);
    }

    private static FieldCondition[] conditions(List<FieldMatch> matches) {
        return matches.stream().map(FieldCondition::of).toArray(FieldCondition[]::new);
    }

    private static FieldLine vary(List<FieldMatch> headers) {
        return headers.isEmpty() ? null : new FieldLine("Vary", headers.stream().map(FieldMatch::name).distinct().collect(Collectors.joining(", ")));
    }

    private static LocalAnswer fixed(Route.Respond respond) {
        return new LocalAnswer(respond.status(), "as the route says", List.of(new FieldLine("Content-Type", respond.type())), respond.body().getBytes(StandardCharsets.UTF_8));
    }

    /** The route's name; "" for what no route takes. */
    String name() {
        return route.map(rule -> rule.name().value()).orElse("");
    }

    /** How many segments its path has. */
    int depth() {
        return route.map(rule -> rule.path().segments().size()).orElse(0);
    }

    /** Whether a request whose host and path fit is for this route; notes when the answer hung on headers. */
    boolean takes(RouteSearch search) {
        if (!search.isMethodIn(methods)) {
            return false;
        }
        for (FieldCondition condition : query) {
            if (!search.hasParameter(condition)) {
                return false;
            }
        }
        if (headers.length == 0) {
            return true;
        }
        search.varies(index);
        for (FieldCondition condition : headers) {
            if (!search.hasHeader(condition)) {
                return false;
            }
        }
        return true;
    }

    /** Why a request is not for this route; empty when it is. */
    Optional<String> refusal(RouteSearch search, boolean ignoreCase) {
        Route rule = route.orElseThrow();
        if (!rule.hosts().isEmpty() && rule.hosts().stream().noneMatch(search::hasHost)) {
            return Optional.of("its hosts are " + String.join(", ", rule.hosts()));
        }
        if (!search.hasPath(rule.path(), rule.exact(), ignoreCase)) {
            return Optional.of("its path is " + rule.path() + (rule.exact() ? " and nothing else" : " and what lies beneath"));
        }
        if (!search.isMethodIn(methods)) {
            return Optional.of("its methods are " + String.join(", ", rule.methods()));
        }
        for (FieldCondition condition : query) {
            if (!search.hasParameter(condition)) {
                return Optional.of("it wants the parameter " + condition);
            }
        }
        for (FieldCondition condition : headers) {
            if (!search.hasHeader(condition)) {
                return Optional.of("it wants the header " + condition);
            }
        }
        return Optional.empty();
    }
}
