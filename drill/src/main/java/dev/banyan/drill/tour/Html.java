package dev.banyan.drill.tour;

import java.util.List;

/** Text as HTML. Whatever is said passes {@link #text}, so that nothing a site says of itself becomes markup. Owned by one thread. */
final class Html {
    private final StringBuilder page = new StringBuilder(1 << 16);

    /** Characters that mean something in HTML, in elements and in quoted attributes, as references. */
    static String text(String said) {
        StringBuilder safe = new StringBuilder(said.length() + 16);
        for (int i = 0; i < said.length(); i++) {
            switch (said.charAt(i)) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.append(said.charAt(i));
            }
        }
        return safe.toString();
    }

    /** JSON within a script element: no tag can begin in it. It stays the same JSON. */
    static String json(String json) {
        return json.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029");
    }

    /** Markup as it is. */
    Html raw(String markup) {
        page.append(markup);
        return this;
    }

    /** An element that holds text; {@code as} is its tag, with attributes that we wrote. */
    Html say(String as, String said) {
        int end = as.indexOf(' ');
        page.append('<').append(as).append('>').append(text(said)).append("</").append(end < 0 ? as : as.substring(0, end)).append(">\n");
        return this;
    }

    /** A table's head; the first column and those whose head begins with a space hold words, the others figures. */
    Html heads(List<String> heads) {
        page.append("<thead><tr>");
        heads.forEach(head -> page.append("<th scope=\"col\"").append(head.startsWith(" ") ? " class=\"words\"" : "").append('>').append(text(head.strip())).append("</th>"));
        page.append("</tr></thead>\n");
        return this;
    }

    /** A row; the first cell is its head. */
    Html row(List<String> heads, List<String> cells) {
        page.append("<tr>");
        for (int i = 0; i < cells.size(); i++) {
            String tag = i == 0 ? "th scope=\"row\"" : heads.get(i).startsWith(" ") ? "td class=\"words\"" : "td";
            page.append('<').append(tag).append('>').append(text(cells.get(i))).append(i == 0 ? "</th>" : "</td>");
        }
        page.append("</tr>\n");
        return this;
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
