package dev.banyan.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with places in braces that are filled in for each request: <code>https://{host}/new/{rest}</code>. Braces around anything but lower-case
 * letters, digits and hyphens are themselves.
 *
 * @param text as the site file writes it
 */
public record Template(String text) {
    private static final Pattern PLACE = Pattern.compile("\\{([a-z][a-z0-9-]{0,30})}");

    /** A piece of a template. */
    public sealed interface Part {}

    public record Literal(String text) implements Part {}

    public record Place(String name) implements Part {}

    public List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        Matcher place = PLACE.matcher(text);
        int from = 0;
        while (place.find()) {
            if (place.start() > from) {
                parts.add(new Literal(text.substring(from, place.start())));
            }
            parts.add(new Place(place.group(1)));
            from = place.end();
        }
        if (from < text.length()) {
            parts.add(new Literal(text.substring(from)));
        }
        return List.copyOf(parts);
    }

    /** The names of its places, in their order. */
    public List<String> places() {
        return PLACE.matcher(text).results().map(found -> found.group(1)).toList();
    }

    @Override
    public String toString() {
        return text;
    }
}
