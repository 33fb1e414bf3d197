package dev.banyan.photos;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import org.postgresql.PGConnection;
import redis.clients.jedis.RedisClient;

/**
 * Does what a start does, as far as that goes without a database, and ends: for a JVM that records it in an AOT cache (JEP 483, 514):
 * {@code java -XX:AOTCacheOutput=photos.aot -cp .. dev.banyan.photos.Photos warm-up}; then {@code java -XX:AOTCache=photos.aot ..}.
 */
final class WarmUp {
    private WarmUp() {}

    static void run() throws IOException, InterruptedException {
        loadAll(PGConnection.class, "org/postgresql/core/", "org/postgresql/jdbc/", "org/postgresql/util/");
        loadAll(HikariDataSource.class, "com/zaxxer/hikari/");
        loadAll(RedisClient.class, "redis/clients/jedis/");
        render();
        Settings nowhere = Settings.from(Map.of("PORT", "0", "HOST", "127.0.0.1", "DATABASE_URL", "postgres://localhost/none"));
        WebServer.rehearse(nowhere, port -> {
            ask(port, "/health");
            ask(port, "/explore");
        });
    }

    /** Loads the classes of a library that its first connection and statement would load one by one; what cannot be loaded is not needed. */
    private static void loadAll(Class<?> of, String... packages) throws IOException {
        try (JarFile jar = new JarFile(Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI()).toFile())) {
            jar.stream().map(entry -> entry.getName()).filter(name -> name.endsWith(".class"))
                    .filter(name -> List.of(packages).stream().anyMatch(name::startsWith))
                    .forEach(name -> load(name.substring(0, name.length() - 6).replace('/', '.'), of.getClassLoader()));
        } catch (URISyntaxException e) {
            throw new IOException("the library of " + of.getName() + " is not a file", e);
        }
    }

    private static void load(String name, ClassLoader loader) {
        try {
            Class.forName(name, false, loader);
        } catch (ClassNotFoundException | LinkageError e) {
            // It wants an optional library that is not here.
        }
    }

    private static void render() {
        Instant now = Instant.now();
        Viewer viewer = new Viewer(1, "ann", "Ann", Token.random(), true);
        Visit visit = new Visit(Optional.of(viewer), viewer.token().csrf(), "warm-up", Visit.Tab.FEED, "/", now);
        PhotoView photo = new PhotoView(1, "A photo", "ann", "Ann", "/media/a.jpg", "/media/b.jpg", 4, 3, now, 1, 1, 1, true);
        PhotoView.Slice slice = new PhotoView.Slice(List.of(photo), 1L);
        Social.Profile owner = new Social.Profile("ann", "Ann", 1, 1, 1, false);
        CommentView comment = new CommentView(1, 1, "ann", "Ann", "A comment", now, null);
        PhotoLists.feed(visit, slice, List.of(new Social.Person(2, "bob", "Bob", 1)));
        PhotoPage.of(visit, photo, owner, List.of(comment));
        FormPages.logIn(visit, "", "");
        List.of(slice, owner, comment).forEach(Json::write);
        Json.read("{\"text\":\"A comment\"}".getBytes(StandardCharsets.UTF_8), ApiActions.NewComment.class);
    }

    private static void ask(int port, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readAllBytes();
        }
    }
}
