package dev.banyan.postgres;

/** A COPY whose data the client sends: from where the server asks for it to the data's end, or the copy's. Owned by one session. */
final class CopyIn {
    private final ClientInput input;
    private boolean open;
    private boolean byExecute;

    CopyIn(ClientInput input) {
        this.input = input;
    }

    /** The server waits for data. @param execute of the extended protocol asked for it: then the Syncs behind that are ignored by the server */
    void begun(boolean execute, Replies replies) {
        open = true;
        byExecute = execute;
        if (execute) {
            replies.forgetSyncs();
        }
    }

    boolean isOpen() {
        return open;
    }

    /** Whether the server ignores a Sync now, so that nothing will answer it. */
    boolean ignoresSync() {
        return open && byExecute;
    }

    /** It failed, or its server is gone. */
    void over() {
        open = false;
    }

    /** Data, or their end, come next. @param server null when the session has none. Returns false when they have to wait */
    boolean data(byte type, int bytes, ServerConnection server) {
        if (server == null) {
            input.skip(bytes); // left over of a copy that failed: PostgreSQL ignores it as well
        } else if (!open && !server.replies().isEmpty()) {
            return false; // a Sync in front of the copy's data is not answered, one behind it is: first the server has to ask for the data
        } else {
            open &= type == 'd';
            input.send(bytes, server);
        }
        return true;
    }
}
