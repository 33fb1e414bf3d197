package dev.banyan.cli;

import dev.banyan.console.AdminServer;
import dev.banyan.drill.tour.DrawingCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The console's drawing for a report to carry along: its module and those it imports, and its style. */
final class TourDrawing {
    private static final String DRAWING = "drawing.js";
    private static final Pattern IMPORT = Pattern.compile("(?:from\\s*|import\\s*\\(?\\s*)['\"]\\./([\\w.-]+\\.js)['\"]");

    private TourDrawing() {}

    static DrawingCode code() {
        Map<String, String> modules = new TreeMap<>();
        Deque<String> wanted = new ArrayDeque<>(List.of(DRAWING));
        while (!wanted.isEmpty()) {
            String name = wanted.pop();
            if (!modules.containsKey(name)) {
                String module = read(name);
                modules.put(name, module);
                IMPORT.matcher(module).results().map(found -> found.group(1)).forEach(wanted::push);
            }
        }
        return new DrawingCode(modules, read("drawing.css"));
    }

    private static String read(String file) {
        try (InputStream in = AdminServer.class.getResourceAsStream("page/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the console's " + file, e);
        }
    }
}
