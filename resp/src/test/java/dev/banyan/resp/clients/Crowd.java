package dev.banyan.resp.clients;

import dev.banyan.topology.HostPort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Many clients that say nothing, in a process of their own: a process has only so many files. */
final class Crowd implements AutoCloseable {
    private final Process process;

    /** Opens them; to each the server has answered once. */
    Crowd(HostPort at, int count) throws IOException {
        process = new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-Xmx128m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
                Crowd.class.getName(), at.host(), String.valueOf(at.port()), String.valueOf(count)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        ask();
    }

    /** Each asks once; says how many were answered. */
    int ask() throws IOException {
        process.outputWriter().write("ask\n");
        process.outputWriter().flush();
        String answered = process.inputReader().readLine();
        if (answered == null) {
            throw new IOException("the crowd has ended");
        }
        return Integer.parseInt(answered);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    /** @param arguments host, port and how many */
    public static void main(String[] arguments) throws IOException {
        List<SocketChannel> clients = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            clients.add(SocketChannel.open(new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]))));
        }
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        while (questions.readLine() != null) {
            int answered = 0;
            for (SocketChannel client : clients) {
                client.write(ByteBuffer.wrap("PING\r\n".getBytes(StandardCharsets.US_ASCII)));
            }
            ByteBuffer pong = ByteBuffer.allocate(7);
            for (SocketChannel client : clients) {
                pong.clear();
                while (pong.hasRemaining() && client.read(pong) > 0) {
                    // until all of it is there, or the end
                }
                answered += new String(pong.array(), StandardCharsets.US_ASCII).equals("+PONG\r\n") ? 1 : 0;
            }
            System.out.println(answered);
        }
    }
}
