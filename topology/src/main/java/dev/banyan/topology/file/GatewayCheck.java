package dev.banyan.topology.file;

import dev.banyan.topology.Gateway;
import dev.banyan.topology.Gateway.ErrorPage;
import dev.banyan.topology.Route;
import dev.banyan.topology.Topology;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What must hold between the keys of the gateway.
 *
 * @param folder where the site file is, when that is known: then the files that it names must be there
 */
record GatewayCheck(Topology site, Findings findings, Optional<Path> folder) {
    private static final String STATUSES = "[45]([0-9]{2}|xx)";
    /** Kept in memory. */
    private static final long LARGEST_PAGE = 1 << 20;

    void check() {
        Gateway gateway = site.gateway();
        Map<String, String> names = new HashMap<>();
        List<Route> routes = gateway.routes();
        for (int i = 0; i < routes.size(); i++) {
            String path = path(i);
            if (findings.bad(path)) {
                continue;
            }
            String other = findings.bad(path + ".name") ? null : names.putIfAbsent(routes.get(i).name().value(), path);
            if (other != null) {
                problem(path + ".name", "'" + routes.get(i).name() + "' is the name of " + other + " too: each route has its own, for metrics and logs");
            }
            new RouteCheck(site, routes.get(i), path, findings).check();
            routes.get(i).files().ifPresent(files -> folder(path + ".files", files));
        }
        new RouteShadows(gateway, findings).check();
        new LimitsCheck(gateway, findings).check();
        RouteCheck.heads(List.of(gateway.identityHeader()), "gateway.identity-header", findings);
        new TreeMap<>(gateway.errorPages()).forEach(this::page);
        gateway.maintenance().page().ifPresent(page -> pageFile("gateway.maintenance.page", page));
    }

    static String path(int route) {
        return "gateway.routes[" + route + "]";
    }

    private void page(String statuses, ErrorPage page) {
        String path = "gateway.error-pages." + statuses;
        if (!statuses.matches(STATUSES)) {
            problem(path, "is no status of an error: write one from 400 to 599, or 4xx or 5xx for all of a class");
        }
        pageFile(findings.given(path + ".file") ? path + ".file" : path, page.file());
    }

    private void pageFile(String path, Path page) {
        if (folder.isEmpty() || findings.bad(path)) {
            return;
        }
        Path file = folder.get().resolve(page);
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            problem(path, "'" + page + "' is no file that can be read in " + folder.get() + ": write it, or name another");
        } else if (file.toFile().length() > LARGEST_PAGE) {
            problem(path, "'" + page + "' has " + file.toFile().length() + " bytes, and a page is kept in memory: at most " + LARGEST_PAGE);
        }
    }

    private void folder(String path, Route.Files files) {
        String at = findings.given(path + ".folder") ? path + ".folder" : path;
        if (folder.isEmpty() || findings.bad(at)) {
            return;
        }
        Path there = folder.get().resolve(files.folder());
        if (!Files.isDirectory(there)) {
            problem(at, "'" + files.folder() + "' is no folder in " + folder.get() + ": make it, or name another");
            return;
        }
        files.fallback().filter(fallback -> !Files.isRegularFile(there.resolve(fallback)))
                .ifPresent(fallback -> problem(path + ".fallback", "'" + fallback + "' is no file in " + there + ": write it, or name another"));
    }

    private void problem(String path, String message) {
        if (!findings.bad(path)) {
            findings.problem(findings.at(path), path, message);
        }
    }
}
