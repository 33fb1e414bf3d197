package dev.banyan.resp;

import dev.banyan.resp.wire.Reply;
import dev.banyan.resp.wire.ReplyWriter;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a new connection says to its node before anything else: version, login, database, and that it wants to hear of changes where it is the one
 * that near copies are read through. Commands follow it at once; when something of it is refused the connection ends. Owned by one IO loop.
 */
final class NodeGreeting implements Recipient {
    private final NodeConnection connection;
    private final List<byte[][]> commands = new ArrayList<>();
    private int answered;

    /**
     * @param protocol 2 or 3
     * @param database 0 and up
     * @param tracking whether reads can ask to hear of changes (CLIENT TRACKING ... OPTIN)
     */
    NodeGreeting(NodeConnection connection, NodeLogin login, int protocol, int database, boolean tracking) {
        this.connection = connection;
        List<String> hello = new ArrayList<>(List.of("HELLO", String.valueOf(protocol)));
        login.password().ifPresent(password -> hello.addAll(List.of("AUTH", login.user().orElse("default"), password.reveal())));
        hello.addAll(List.of("SETNAME", "banyan"));
        add(hello.toArray(String[]::new));
        if (database != 0) {
            add("SELECT", String.valueOf(database));
        }
        if (tracking) {
            add("CLIENT", "TRACKING", "ON", "OPTIN");
        }
    }

    private void add(String... words) {
        byte[][] command = new byte[words.length][];
        for (int i = 0; i < words.length; i++) {
            command[i] = words[i].getBytes(StandardCharsets.UTF_8);
        }
        commands.add(command);
    }

    void send() {
        for (byte[][] command : commands) {
            connection.expect(this, 0);
            ReplyWriter.command(connection.out(), command);
        }
    }

    @Override
    public void answer(long note, ByteBuf from, int length, boolean last) {
        if (!last) {
            connection.end("its answer to the greeting is too long");
            return;
        }
        if (NodeConnection.read(from, length) instanceof Reply.Failure failure) {
            connection.end("it refuses the router: " + failure.text());
            return;
        }
        if (++answered == commands.size()) {
            connection.welcomed();
        }
    }

    @Override
    public void lost(long note, String why) {
        // The connection tells its owner.
    }
}
