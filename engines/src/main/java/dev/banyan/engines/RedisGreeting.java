package dev.banyan.engines;

import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks a node of the cache for a PONG, as whoever has its password. One that still reads its log from disk says LOADING instead. */
record RedisGreeting(HostPort address, Secret password, Duration timeout) {
    boolean answered() {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout((int) timeout.toMillis());
            socket.connect(new InetSocketAddress(address.host(), address.port()), (int) timeout.toMillis());
            socket.getOutputStream().write(("AUTH " + password.reveal() + "\r\nPING\r\n").getBytes(StandardCharsets.US_ASCII));
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            return "+OK".equals(in.readLine()) && "+PONG".equals(in.readLine());
        } catch (IOException noAnswer) {
            return false;
        }
    }
}
