package dev.banyan.topology.file;

import dev.banyan.topology.Application;
import dev.banyan.topology.Route;
import dev.banyan.topology.Route.Canary;
import dev.banyan.topology.Route.Cors;
import dev.banyan.topology.Route.FieldRules;
import dev.banyan.topology.Template;
import dev.banyan.topology.Topology;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What must hold within one route, and between it and the services. */
record RouteCheck(Topology site, Route route, String at, Findings findings) {
    private static final List<String> ACTIONS = List.of("service", "split", "redirect", "files", "respond");
    /** What means something only when a service answers. */
    private static final List<String> OF_SERVICES = List.of("canary", "mirror", "rewrite", "request-headers", "timeouts", "retries");

    /** What is asked of requests after fixed answers are given. */
    private static final List<String> OF_ASKED = List.of("callers", "limits");

    private static final Set<String> OF_PATHS = Set.of("path", "rest");
    private static final Set<String> OF_LOCATIONS = Set.of("scheme", "host", "path", "rest", "query");
    private static final Set<String> OF_HEADERS = Set.of("client", "scheme", "host", "path", "rest", "query", "request-id", "identity");

    /** What frames messages, belongs to a connection, or is written by the front door itself. */
    private static final Set<String> NOT_TO_BE_CHANGED = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    static {
        NOT_TO_BE_CHANGED.addAll(List.of("Host", "Connection", "Content-Length", "Transfer-Encoding", "Upgrade", "Expect", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "HTTP2-Settings",
                "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Real-IP", "Forwarded", "X-Request-Id", "traceparent"));
    }

    void check() {
        actions();
        names();
        twice(".methods", route.methods());
        route.service().ifPresent(service -> service(".service", service));
        split();
        route.canary().ifPresent(this::canary);
        route.mirror().ifPresent(mirror -> service(findings.given(at + ".mirror.service") ? ".mirror.service" : ".mirror", mirror.service()));
        redirect();
        rewrite();
        fields(".request-headers", route.requestHeaders());
        fields(".response-headers", route.responseHeaders());
        route.cors().ifPresent(this::cors);
        route.respond().filter(respond -> (respond.status() == 204 || respond.status() == 304) && !respond.body().isEmpty())
                .ifPresent(respond -> problem(".respond.body", "has no place in an answer with status " + respond.status() + ": remove it, or write status: 200"));
        route.files().flatMap(Route.Files::fallback).filter(fallback -> fallback.isAbsolute() || fallback.normalize().startsWith(".."))
                .ifPresent(fallback -> problem(".files.fallback", "'" + fallback + "' is not within the folder: name a file in it"));
    }

    private void actions() {
        List<String> given = ACTIONS.stream().filter(action -> findings.given(at + "." + action)).toList();
        if (given.size() > 1) {
            problem("." + given.get(1), "cannot stand beside " + given.getFirst() + ": a route has one of " + String.join(", ", ACTIONS));
            return;
        }
        if (given.contains("redirect") || given.contains("respond")) {
            OF_ASKED.stream().filter(key -> findings.given(at + "." + key))
                    .forEach(key -> problem("." + key, "is not asked where a route has " + given.getFirst() + ", which everybody gets: remove it, or let a service or files answer"));
        }
        if (given.contains("redirect") || given.contains("files") || given.contains("respond")) {
            OF_SERVICES.stream().filter(key -> findings.given(at + "." + key))
                    .forEach(key -> problem("." + key, "is for a service, but this route has " + given.getFirst() + ", and no service is asked: remove it"));
        }
    }

    private void names() {
        Set<String> seen = new HashSet<>();
        for (String name : route.path().names()) {
            if (OF_HEADERS.contains(name)) {
                problem(".path", "{" + name + "} is what Banyan calls something else: choose another name");
            } else if (!seen.add(name)) {
                problem(".path", "names {" + name + "} twice: give each its own name");
            }
        }
    }

    private void service(String key, String name) {
        Map<String, Application> all = site.applications();
        if (all.containsKey(name) || findings.bad("services") || findings.bad("services." + name)) {
            return;
        }
        problem(key, "there is no service '" + name + "'; " + Nearest.of(name, all.keySet()).map(near -> "did you mean '" + near + "'?").orElse("services has " + String.join(", ", all.keySet())));
    }

    private void split() {
        if (findings.bad(at + ".split") || !findings.given(at + ".split")) {
            return;
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < route.split().size(); i++) {
            String service = route.split().get(i).service();
            String key = ".split[" + i + "]";
            service(findings.given(at + key + ".service") ? key + ".service" : key, service);
            if (!seen.add(service)) {
                problem(key, "'" + service + "' is in the list twice: give it once, with a weight");
            }
        }
        if (route.split().stream().mapToInt(Route.Split::weight).sum() == 0) {
            problem(".split", "has no service with a weight above 0: give at least one");
        }
    }

    private void canary(Canary canary) {
        service(".canary.service", canary.service());
        if (canary.header().isEmpty() && canary.cookie().isEmpty() && !findings.given(at + ".canary.share")) {
            problem(".canary", "gets no requests: give header, cookie or share");
        }
        if (findings.given(at + ".canary.by") && !findings.given(at + ".canary.share")) {
            problem(".canary.by", "is for share, which is not given: give it, or remove this");
        }
        if (canary.by() == Canary.By.IDENTITY && route.callers().isEmpty()) {
            problem(".canary.by", "'identity' needs to know who calls: give the route callers, or write by: address");
        }
    }

    private void redirect() {
        if (route.redirect().isEmpty()) {
            return;
        }
        Route.Redirect redirect = route.redirect().get();
        String key = findings.given(at + ".redirect.to") ? ".redirect.to" : ".redirect";
        places(key, redirect.to(), OF_LOCATIONS);
        if (redirect.status() > 303 && redirect.status() < 307) {
            problem(".redirect.status", redirect.status() + " sends nobody elsewhere: write 301, 302, 303, 307 or 308");
        }
        // Whatever a client can choose must not end up in the name of the host that it is sent to.
        String authority = redirect.to().text().replaceFirst("^[^:/]*://", "//");
        if (authority.startsWith("//") && !authority.matches("//([^/{}@\\\\]|\\{host})+(/.*|\\{path}.*|)")) {
            problem(key, "'" + Shown.text(redirect.to().text()) + "' lets a client choose the host: before the first slash of the path only {host} may stand, and then / or {path}");
        }
    }

    private void rewrite() {
        if (route.rewrite().isEmpty()) {
            return;
        }
        Route.Rewrite rewrite = route.rewrite().get();
        rewrite.path().ifPresent(template -> places(".rewrite.path", template, OF_PATHS));
        rewrite.prefix().filter(prefix -> prefix.matches(".*([?{}\\\\;]|//|/\\.{1,2}(/.*|)$).*"))
                .ifPresent(_ -> problem(".rewrite.prefix", "is the beginning of a path: without ?, ;, braces, empty segments and dot segments"));
    }

    private void fields(String key, FieldRules rules) {
        Set<String> seen = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        new TreeMap<>(rules.set()).forEach((name, template) -> {
            places(key + ".set." + name, template, OF_HEADERS);
            heads(List.of(name), at + key + ".set." + name, findings);
            once(seen, key + ".set." + name, name);
        });
        new TreeMap<>(rules.add()).forEach((name, template) -> {
            places(key + ".add." + name, template, OF_HEADERS);
            heads(List.of(name), at + key + ".add." + name, findings);
            once(seen, key + ".add." + name, name);
        });
        heads(rules.remove(), at + key + ".remove", findings);
        rules.remove().stream().filter(name -> rules.set().keySet().stream().anyMatch(name::equalsIgnoreCase))
                .forEach(name -> problem(key + ".remove", "takes away " + name + ", which set writes whatever was there: remove it here"));
        if (key.startsWith(".request") && rules.set().keySet().stream().anyMatch(site.gateway().identityHeader()::equalsIgnoreCase)) {
            problem(key + ".set", "writes " + site.gateway().identityHeader() + ", which says who calls (gateway.identity-header): choose another name");
        }
    }

    private void once(Set<String> seen, String key, String name) {
        if (!seen.add(name)) {
            problem(key, name + " is written twice, in another case or in set and add: keep one");
        }
    }

    /** Headers that a site may not change or use for something of its own. */
    static void heads(Collection<String> names, String path, Findings findings) {
        names.stream().filter(NOT_TO_BE_CHANGED::contains).filter(_ -> !findings.bad(path)).forEach(name -> findings.problem(findings.at(path), path,
                name + " is the front door's own: it frames messages, belongs to one connection, or says who asked; choose another header"));
    }

    private void places(String key, Template template, Set<String> known) {
        if (findings.bad(at + ".path")) {
            return;
        }
        List<String> all = new ArrayList<>(new TreeSet<>(known));
        all.addAll(route.path().names());
        template.places().stream().filter(place -> !all.contains(place)).findFirst().ifPresent(place -> problem(key, "knows no {" + place + "}; "
                + Nearest.of(place, all).map(near -> "did you mean {" + near + "}?").orElse("there are {" + String.join("}, {", all) + "}")));
    }

    private void cors(Cors cors) {
        if (cors.origins().isEmpty() && !findings.bad(at + ".cors.origins")) {
            problem(".cors.origins", "names no origin, so that no page could use the route: name some, as https://app.example.com");
        }
        boolean any = cors.origins().contains("*");
        if (any && cors.credentials()) {
            problem(".cors.credentials", "lets every page on the web act for its visitors: name the origins instead of '*', or remove this");
        }
        if (any && cors.origins().size() > 1) {
            problem(".cors.origins", "has '*', which is any origin, and others: keep one of the two");
        }
    }

    private void twice(String key, List<String> texts) {
        if (new HashSet<>(texts).size() < texts.size()) {
            problem(key, "names one twice: keep one");
        }
    }

    private void problem(String key, String message) {
        String path = at + key;
        if (!findings.bad(path)) {
            findings.problem(findings.at(path), path, message);
        }
    }
}
