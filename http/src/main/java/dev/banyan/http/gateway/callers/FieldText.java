package dev.banyan.http.gateway.callers;

import java.nio.charset.StandardCharsets;

/**
 * Text from outside as a header's value: visible ASCII and inner blanks stand for themselves, all else for its UTF-8 bytes as %XX, and so
 * does %. So two texts are never one value, and no text ends a line.
 */
final class FieldText {
    private FieldText() {}

    static String of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        StringBuilder value = new StringBuilder(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            boolean innerBlank = b == ' ' && i > 0 && i < bytes.length - 1;
            if (b > ' ' && b < 0x7f && b != '%' || innerBlank) {
                value.append((char) b);
            } else {
                value.append('%').append(Character.toUpperCase(Character.forDigit(b >> 4 & 15, 16))).append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
            }
        }
        return value.toString();
    }
}
