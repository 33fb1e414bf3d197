package dev.banyan.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Tiny application servers on free ports, each of which answers its name to whatever is asked. */
final class Origins implements AutoCloseable {
    private final List<HttpServer> servers = new ArrayList<>();

    Origins(String... names) throws IOException {
        for (String name : names) {
            start(name.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void start(byte[] name) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, name.length);
            try (exchange) {
                exchange.getResponseBody().write(name);
            }
        });
        server.start();
        servers.add(server);
    }

    HttpServer server(int origin) {
        return servers.get(origin);
    }

    /** As the site names it. */
    String address(int origin) {
        return "127.0.0.1:" + servers.get(origin).getAddress().getPort();
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
    }
}
