package dev.banyan.resp;

/** A node of the cache could not be asked, or did not answer in time. Without a stack trace: it is an expected answer, and there may be many. */
public final class NodeDown extends RuntimeException {
    private static final long serialVersionUID = 1;

    public NodeDown(String message) {
        super(message, null, false, false);
    }
}
