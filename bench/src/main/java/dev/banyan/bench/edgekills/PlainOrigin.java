package dev.banyan.bench.edgekills;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** An origin in a process of its own, to be killed: answers each path with what {@link Wanted} says of it, validators with it. Ends when its standard input does. */
public final class PlainOrigin {
    private static final String ETAG = "\"the-only-one\"";

    private PlainOrigin() {}

    /** @param arguments the port of 127.0.0.1 */
    public static void main(String[] arguments) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])), 1024);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", PlainOrigin::answer);
        server.start();
        while (System.in.read() >= 0) {
            // until whoever has started it is gone
        }
        System.exit(0);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/")) {
                exchange.sendResponseHeaders(204, -1);
                return;
            }
            exchange.getResponseHeaders().set("Cache-Control", Wanted.of(path).cacheControl());
            exchange.getResponseHeaders().set("ETag", ETAG);
            if (ETAG.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
                exchange.sendResponseHeaders(304, -1);
                return;
            }
            byte[] content = Wanted.content(path);
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        }
    }
}
