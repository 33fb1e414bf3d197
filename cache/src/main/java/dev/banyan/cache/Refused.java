package dev.banyan.cache;

import dev.banyan.resp.wire.Reply;

/** A command that cannot be done, with the answer that says why. Without a stack trace: it is an expected answer, and there may be many. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param text the whole error of the protocol, its code first */
    Refused(String text) {
        super(text.replace('\r', ' ').replace('\n', ' '), null, false, false);
    }

    static Refused wrongType() {
        return new Refused("WRONGTYPE Operation against a key holding the wrong kind of value");
    }

    static Refused arguments(String command) {
        return new Refused("ERR wrong number of arguments for '" + command.toLowerCase(java.util.Locale.ROOT) + "' command");
    }

    static Refused syntax() {
        return new Refused("ERR syntax error");
    }

    Reply reply() {
        return Reply.failure(getMessage());
    }
}
