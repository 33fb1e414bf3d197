package dev.banyan.http.wire;

/**
 * A header field to be written.
 *
 * @param name a token of RFC 9110
 * @param value without line breaks, blanks at its ends or other control characters
 */
public record FieldLine(String name, String value) {
    /** @throws IllegalArgumentException when it could not be written as it is */
    public FieldLine {
        if (!all(name, true) || name.isEmpty() || !all(value, false) || !value.strip().equals(value)) {
            throw new IllegalArgumentException("no header field: " + name);
        }
    }

    private static boolean all(String text, boolean token) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 255 || !(token ? Grammar.token((byte) c) : Grammar.value((byte) c))) {
                return false;
            }
        }
        return true;
    }
}
