package dev.banyan.engines;

import dev.banyan.topology.HostPort;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Asks a PostgreSQL whether it would let a client in, as pg_isready does: a startup message (protocol 3.0, PostgreSQL's manual, 53.7) gets
 * 'R', "now authenticate", from a server that is ready, and an error from one that starts up or shuts down. Nothing is logged in.
 */
record PostgresGreeting(HostPort address, Duration timeout) {
    private static final int PROTOCOL_3_0 = 196_608;
    private static final int NONE = -1;

    /** Whether it answers and is ready. */
    boolean answered(String user, String database) {
        return answer(user, database) == 'R';
    }

    /** Whether it answers at all, were it by a refusal: a new client is heard. */
    boolean heard(String user, String database) {
        return answer(user, database) != NONE;
    }

    private int answer(String user, String database) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout((int) timeout.toMillis());
            socket.connect(new InetSocketAddress(address.host(), address.port()), (int) timeout.toMillis());
            byte[] parameters = ("user\0" + user + "\0database\0" + database + "\0\0").getBytes(StandardCharsets.UTF_8);
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
            out.writeInt(8 + parameters.length);
            out.writeInt(PROTOCOL_3_0);
            out.write(parameters);
            out.flush();
            return new DataInputStream(socket.getInputStream()).readByte();
        } catch (IOException noAnswer) {
            return NONE;
        }
    }
}
