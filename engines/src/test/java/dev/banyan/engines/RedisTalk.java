package dev.banyan.engines;

import dev.banyan.topology.HostPort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Says a line to a Redis and hears its answer: a string as it is, all else as its first line, of an array the items with spaces between. */
final class RedisTalk implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader in;

    private RedisTalk(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        socket.setSoTimeout(10_000);
    }

    static RedisTalk to(HostPort address) throws IOException {
        return new RedisTalk(new Socket(address.host(), address.port()));
    }

    String say(String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        return answer();
    }

    private String answer() throws IOException {
        String head = in.readLine();
        if (head.startsWith("$") && !head.equals("$-1")) {
            return in.readLine();
        }
        if (!head.startsWith("*")) {
            return head;
        }
        List<String> items = new ArrayList<>();
        for (int i = Integer.parseInt(head.substring(1)); i > 0; i--) {
            items.add(answer());
        }
        return String.join(" ", items);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
