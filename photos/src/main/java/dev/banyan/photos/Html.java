package dev.banyan.photos;

import java.util.Collection;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A piece of HTML that is safe to send. The only way in for text is a placeholder of {@link #html}, which escapes it for
 * element content and for quoted attribute values alike; another {@code Html} passes as it is. The template itself must be
 * written by us: a constant, never built from what people typed.
 */
final class Html {
    static final Html NOTHING = new Html("");

    private final String text;

    private Html(String text) {
        this.text = text;
    }

    /**
     * Fills each {@code {}} of the template with the next value: {@code Html} as it is, a collection of {@code Html} joined,
     * everything else escaped.
     *
     * @throws IllegalArgumentException if the numbers of placeholders and values differ
     */
    static Html html(String template, Object... values) {
        StringBuilder out = new StringBuilder(template.length() + 32 * values.length);
        int from = 0;
        for (Object value : values) {
            int hole = template.indexOf("{}", from);
            if (hole < 0) {
                throw new IllegalArgumentException("more values (" + values.length + ") than placeholders in: " + template);
            }
            out.append(template, from, hole);
            append(out, value);
            from = hole + 2;
        }
        if (template.indexOf("{}", from) >= 0) {
            throw new IllegalArgumentException("fewer values (" + values.length + ") than placeholders in: " + template);
        }
        return new Html(out.append(template, from, template.length()).toString());
    }

    /** One piece for each item, one after the other. */
    static <T> Html each(Collection<T> items, Function<T, Html> piece) {
        StringBuilder out = new StringBuilder();
        items.forEach(item -> out.append(piece.apply(item).text));
        return new Html(out.toString());
    }

    /** The piece if the condition holds, else nothing. */
    static Html when(boolean condition, Supplier<Html> piece) {
        return condition ? piece.get() : NOTHING;
    }

    private static void append(StringBuilder out, Object value) {
        switch (value) {
            case null -> throw new IllegalArgumentException("a placeholder's value is null");
            case Html html -> out.append(html.text);
            case Collection<?> pieces -> pieces.forEach(piece -> append(out, piece));
            default -> escape(out, value.toString());
        }
    }

    private static void escape(StringBuilder out, String raw) {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
