package dev.banyan.topology.file;

/** Text from the file as a message shows it: short, on one line, without a URL's user and password or what a terminal would obey. */
final class Shown {
    private static final int LONGEST = 60;

    private Shown() {}

    static String text(String text) {
        return text(text, LONGEST);
    }

    static String text(String text, int longest) {
        String safe = namesUser(text) ? text.substring(0, text.indexOf("://")) + "://***" + text.substring(text.lastIndexOf('@')) : text;
        StringBuilder shown = new StringBuilder();
        safe.codePoints().limit(longest).map(c -> printable(c) ? c : '?').forEach(shown::appendCodePoint);
        return safe.codePointCount(0, safe.length()) > longest ? shown + "..." : shown.toString();
    }

    /** A key; what follows an equals sign is a value in the wrong place ({@code KEY=value}) and may be a secret. */
    static String key(String key) {
        return text(key.indexOf('=') >= 0 ? key.substring(0, key.indexOf('=')) + "=***" : key);
    }

    static boolean holdsValue(String key) {
        return key.indexOf('=') >= 0 || namesUser(key);
    }

    /** Whether a URL in it names a user. */
    static boolean namesUser(String text) {
        int scheme = text.indexOf("://");
        return scheme >= 0 && text.lastIndexOf('@') > scheme;
    }

    static boolean printable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
