package dev.banyan.console;

import dev.banyan.console.Answer.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/** The page's files, from the class path; only those that are listed. */
final class Page {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");
    private static final List<String> MODULES = List.of(
            "access.js", "address.js", "arrows.js", "asked.js", "budget.js", "cached.js", "console.js", "decisions.js", "drawing.js", "faults.js",
            "flow.js", "history.js", "layout.js", "moves.js", "nodes.js", "panel.js", "pulse.js", "route.js", "scene.js", "search.js", "server.js",
            "shapes.js", "tabs.js", "words.js", "zoom.js");
    private static final List<String> OTHERS = List.of("console.css", "dots.js", "drawing.css", "icon.svg", "panels.css");
    /** A browser asks for all modules at once, instead of one after the other as it reads who needs whom. */
    private static final String PRELOAD = MODULES.stream().map(name -> "<" + name + ">; rel=modulepreload").collect(Collectors.joining(", "));

    private static final Map<String, Plots> PLOTS = Map.of("/uplot.js", Plots.MODULE, "/uplot.css", Plots.STYLE);

    private final Map<String, Bytes> read = new ConcurrentHashMap<>();

    /** The file at this path. */
    Optional<Bytes> file(String path) {
        if (PLOTS.containsKey(path)) {
            return Optional.of(read.computeIfAbsent(path, there -> made(there, PLOTS.get(there).bytes())));
        }
        String name = path.equals("/") ? "index.html" : path.replaceFirst("^/", "");
        boolean listed = path.equals("/") || MODULES.contains(name) || OTHERS.contains(name);
        return listed ? Optional.of(read.computeIfAbsent(name, Page::read)) : Optional.empty();
    }

    private static Bytes read(String name) {
        try (InputStream in = Page.class.getResourceAsStream("page/" + name)) {
            return made(name, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Bytes made(String name, byte[] body) {
        CRC32C sum = new CRC32C();
        sum.update(body);
        String etag = '"' + HexFormat.of().toHexDigits(sum.getValue(), 8) + '"';
        Map<String, String> headers = new HashMap<>(Map.of("ETag", etag, "Cache-Control", "no-cache"));
        if (name.endsWith(".html")) {
            headers.put("Link", PRELOAD);
        }
        return new Bytes(200, TYPES.get(name.substring(name.lastIndexOf('.') + 1)), body, headers);
    }
}
