package dev.banyan.topology.file;

import java.util.regex.Pattern;

/** Text from the file as a message shows it: short, on one line, without a URL's user and password or what a terminal would obey. */
final class Shown {
    private static final int LONGEST = 60;
    private static final Pattern USER = Pattern.compile("://.*@");

    private Shown() {}

    static String text(String text) {
        String safe = USER.matcher(text).replaceAll("://***@");
        StringBuilder shown = new StringBuilder();
        safe.codePoints().limit(LONGEST).map(c -> printable(c) ? c : '?').forEach(shown::appendCodePoint);
        return safe.codePointCount(0, safe.length()) > LONGEST ? shown + "..." : shown.toString();
    }

    /** Whether a URL in it names a user. */
    static boolean namesUser(String text) {
        return USER.matcher(text).find();
    }

    static boolean printable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
