package dev.banyan.drill.tour;

import java.util.Map;

/**
 * What draws a site from what the admin API says of it: the console's own page. A report carries it along, so that there is one drawing code.
 *
 * @param modules ES modules by file name; they import each other as {@code './layout.js'}, and {@code drawing.js} is among them, which exports {@code draw(site, element, options)}
 * @param style a drawing's style sheet
 */
public record DrawingCode(Map<String, String> modules, String style) {
    /** Draws nothing. */
    public static final DrawingCode NONE = new DrawingCode(Map.of(), "");

    public DrawingCode {
        modules = Map.copyOf(modules);
    }
}
