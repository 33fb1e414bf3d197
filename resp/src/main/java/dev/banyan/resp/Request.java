package dev.banyan.resp;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A whole command on keys of a declared prefix. The arrays are its own and are not copied.
 *
 * @param rule which declared prefix, see {@link DeclaredKeys#rule}
 * @param arguments the command's name as it was sent, then its arguments
 */
public record Request(int rule, byte[][] arguments) {
    /** In capitals: {@code GET}. */
    public String name() {
        return new String(arguments[0], StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
    }
}
