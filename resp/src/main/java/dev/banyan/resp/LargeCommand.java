package dev.banyan.resp;

import dev.banyan.resp.wire.CommandScanner;
import io.netty.buffer.ByteBuf;

/** A command that is passed on while it comes, on a connection lent for it: it is never whole in memory. Owned by one IO loop. */
final class LargeCommand {
    private final ClientSession session;
    private final CommandScanner scanner;
    private final OnLease lease;

    LargeCommand(ClientSession session, CommandScanner scanner, OnLease lease, long note) {
        this.session = session;
        this.scanner = scanner;
        this.lease = lease;
        lease.unfinished(true);
        lease.connection().expect(lease, note);
    }

    /** Passes on what has come; false when more must come first, or the node must take some. */
    boolean more(ByteBuf in) {
        CommandScanner.Found found = scanner.next(in);
        if (found == CommandScanner.Found.INVALID) {
            session.end("it sends what is no command: " + scanner.problem());
            return false;
        }
        boolean whole = found == CommandScanner.Found.COMMAND;
        int length = whole ? scanner.end() - in.readerIndex() : scanner.pass(in);
        NodeConnection connection = lease.connection();
        if (length > 0 && !connection.isDead()) {
            connection.pass(in, in.readerIndex(), length);
        }
        in.skipBytes(length);
        if (whole) {
            connection.patient(false);
            lease.unfinished(false);
            session.largeDone();
            return true;
        }
        scanner.taken(length);
        if (connection.isCongested()) {
            session.awaitRoom(connection);
        }
        return false;
    }

    void giveUp(String why) {
        lease.connection().end(why);
    }
}
