package dev.banyan.http.gateway;

import dev.banyan.http.wire.RequestHead;

/** A request's host as routes see it: without its port and without a dot at the end. */
final class Host {
    private Host() {}

    /** Where the host ends that begins at {@link RequestHead#hostStart()}. */
    static int end(RequestHead head) {
        int from = head.hostStart();
        int to = head.hostEnd();
        for (int i = to - 1; i > from && head.bytes()[i] != ']'; i--) {
            if (head.bytes()[i] == ':') {
                to = i;
                break;
            }
        }
        return to - 1 > from && head.bytes()[to - 1] == '.' ? to - 1 : to;
    }
}
