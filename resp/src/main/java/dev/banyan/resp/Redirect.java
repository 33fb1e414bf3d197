package dev.banyan.resp;

import dev.banyan.resp.wire.Slots;
import dev.banyan.topology.HostPort;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a node of a Redis Cluster says of a slot that it does not serve: {@code MOVED 3999 127.0.0.1:6381} or {@code ASK 3999 127.0.0.1:6381}
 * (redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec, "Redirection and resharding").
 */
record Redirect(Kind kind, int slot, HostPort target) {
    enum Kind {
        /** Another node has the slot from now on: ask that one, and read the slots anew. */
        MOVED,
        /** The slot is on its way: ask that node this once, with {@code ASKING} before the command. */
        ASK
    }

    /** An IPv6 address has no brackets here, so the port is what follows the last colon. */
    private static final Pattern FORM = Pattern.compile("(MOVED|ASK) ([0-9]{1,5}) (\\S{0,253}):([0-9]{1,5})");

    /**
     * Reads an error's text, code and all.
     *
     * @param from the node that said it: it leaves its host out when the other's is the same
     * @return empty when it is another error
     */
    static Optional<Redirect> parse(String text, HostPort from) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        int slot = Integer.parseInt(form.group(2));
        int port = Integer.parseInt(form.group(4));
        if (slot >= Slots.COUNT || port == 0 || port > 65_535) {
            return Optional.empty();
        }
        String host = form.group(3);
        return Optional.of(new Redirect(Kind.valueOf(form.group(1)), slot, new HostPort(host.isEmpty() || host.equals("?") ? from.host() : host, port)));
    }
}
