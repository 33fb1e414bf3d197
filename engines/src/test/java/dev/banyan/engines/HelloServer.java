package dev.banyan.engines;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A twelve-factor application for tests: listens at PORT and answers any path with the environment variables it is asked for, a line each. The
 * words "unwell" and "crash" as its argument make it answer 503, or end.
 */
final class HelloServer {
    private HelloServer() {}

    public static void main(String[] arguments) throws IOException {
        String mood = arguments.length == 0 ? "" : arguments[0];
        System.out.println("hello from " + System.getenv("BANYAN_INSTANCE"));
        if (mood.equals("crash")) {
            System.out.println("no configuration, no service");
            System.exit(7);
        }
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getByName("127.0.0.1"), Integer.parseInt(System.getenv("PORT"))), 0);
        server.createContext("/", exchange -> {
            StringBuilder body = new StringBuilder(System.getProperty("java.home")).append('\n');
            String query = exchange.getRequestURI().getQuery();
            Arrays.stream((query == null ? "" : query).split(",")).forEach(name -> body.append(System.getenv(name)).append('\n'));
            byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(mood.equals("unwell") ? 503 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }
}
