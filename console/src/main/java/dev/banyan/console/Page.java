package dev.banyan.console;

import dev.banyan.console.Answer.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;

/** The page's files, from the class path; only those that are listed. */
final class Page {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");
    private static final Map<String, String> FILES = Map.ofEntries(
            Map.entry("/", "index.html"),
            Map.entry("/console.css", "console.css"),
            Map.entry("/console.js", "console.js"),
            Map.entry("/drawing.css", "drawing.css"),
            Map.entry("/drawing.js", "drawing.js"),
            Map.entry("/access.js", "access.js"),
            Map.entry("/flow.js", "flow.js"),
            Map.entry("/address.js", "address.js"),
            Map.entry("/arrows.js", "arrows.js"),
            Map.entry("/asked.js", "asked.js"),
            Map.entry("/budget.js", "budget.js"),
            Map.entry("/cached.js", "cached.js"),
            Map.entry("/decisions.js", "decisions.js"),
            Map.entry("/faults.js", "faults.js"),
            Map.entry("/history.js", "history.js"),
            Map.entry("/layout.js", "layout.js"),
            Map.entry("/nodes.js", "nodes.js"),
            Map.entry("/route.js", "route.js"),
            Map.entry("/scene.js", "scene.js"),
            Map.entry("/shapes.js", "shapes.js"),
            Map.entry("/moves.js", "moves.js"),
            Map.entry("/panel.js", "panel.js"),
            Map.entry("/panels.css", "panels.css"),
            Map.entry("/pulse.js", "pulse.js"),
            Map.entry("/search.js", "search.js"),
            Map.entry("/server.js", "server.js"),
            Map.entry("/tabs.js", "tabs.js"),
            Map.entry("/words.js", "words.js"),
            Map.entry("/zoom.js", "zoom.js"),
            Map.entry("/icon.svg", "icon.svg"));

    private static final Map<String, Plots> PLOTS = Map.of("/uplot.js", Plots.MODULE, "/uplot.css", Plots.STYLE);

    private final Map<String, Bytes> read = new ConcurrentHashMap<>();

    /** The file at this path. */
    Optional<Bytes> file(String path) {
        if (PLOTS.containsKey(path)) {
            return Optional.of(read.computeIfAbsent(path, there -> made(there, PLOTS.get(there).bytes())));
        }
        return Optional.ofNullable(FILES.get(path)).map(name -> read.computeIfAbsent(name, Page::read));
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
        return new Bytes(200, TYPES.get(name.substring(name.lastIndexOf('.') + 1)), body, Map.of("ETag", etag, "Cache-Control", "no-cache"));
    }
}
