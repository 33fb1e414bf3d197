package dev.banyan.photos;

import java.util.regex.Pattern;

/** Checks what people send before it reaches a statement. */
final class Input {
    private static final Pattern KEY = Pattern.compile("[!-~]{1,200}");

    private Input() {}

    /**
     * One line of text: stripped, control characters as spaces.
     *
     * @throws Problem 422 if it is empty or longer than {@code most} code points
     */
    static String line(String what, String raw, int most) {
        return checked(what, raw.replaceAll("\\p{Cntrl}+", " ").strip(), most);
    }

    /** The same for text of several lines: line breaks stay. */
    static String text(String what, String raw, int most) {
        return checked(what, raw.replace("\r\n", "\n").replaceAll("[\\p{Cntrl}&&[^\n\t]]+", " ").strip(), most);
    }

    private static String checked(String what, String text, int most) {
        int length = text.codePointCount(0, text.length());
        if (length < 1 || length > most) {
            throw new Problem(422, what + " has 1 to " + most + " characters, not " + length + ".");
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i)) && !Character.isSurrogatePair(text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : 'x')) {
                throw new Problem(422, what + " is not valid Unicode: half of a surrogate pair.");
            }
            i += Character.isHighSurrogate(text.charAt(i)) ? 1 : 0;
        }
        return text;
    }

    /** A positive number from a path or a query, else the resource does not exist. */
    static long id(String what, String raw) {
        try {
            return Long.parseLong(raw);
        } catch (NumberFormatException e) {
            throw Problem.notFound(what + " " + raw);
        }
    }

    /** The Idempotency-Key header: null when absent. */
    static String key(String raw) {
        if (raw != null && !KEY.matcher(raw).matches()) {
            throw new Problem(400, "Idempotency-Key has 1 to 200 visible ASCII characters.");
        }
        return raw;
    }
}
