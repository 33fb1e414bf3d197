package dev.banyan.resp;

import dev.banyan.resp.wire.Arguments;
import java.nio.charset.StandardCharsets;

/** Errors as Redis says them, so that clients know them. */
final class Texts {
    static final String NOAUTH = "NOAUTH Authentication required.";
    static final String WRONGPASS = "WRONGPASS invalid username-password pair or user is disabled.";
    static final String CROSSSLOT = "CROSSSLOT Keys in request don't hash to the same slot";
    static final String SYNTAX = "ERR syntax error";
    static final String NOPROTO = "NOPROTO unsupported protocol version";
    static final String NO_NODES = "NODEDOWN the cache has no node";

    private static final int SHOWN = 128;

    private Texts() {}

    static String unknown(Arguments arguments) {
        StringBuilder beginning = new StringBuilder();
        for (int i = 1; i < arguments.count() && beginning.length() < SHOWN; i++) {
            beginning.append('\'').append(shown(arguments, i)).append("' ");
        }
        return "ERR unknown command '" + shown(arguments, 0) + "', with args beginning with: " + beginning;
    }

    static String wrongCount(String command) {
        return "ERR wrong number of arguments for '" + command + "' command";
    }

    static String refused(String command) {
        return "ERR '" + command + "' is not for clients of the cache router: it concerns one node alone; ask the node itself";
    }

    static String declared(String command, String key, String why) {
        return "ERR '" + command + "' is not possible on '" + key + "': its prefix is declared in the site file (cache.keys), " + why;
    }

    /** An argument's beginning, for messages. */
    static String shown(Arguments arguments, int argument) {
        return text(arguments, argument, SHOWN).replaceAll("[\\p{Cntrl}]", "?");
    }

    static String text(Arguments arguments, int argument, int most) {
        byte[] bytes = new byte[Math.min(most, arguments.length(argument))];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = arguments.at(argument, i);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
