package dev.banyan.cli;

import dev.banyan.control.Request;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;

/**
 * A whole short life for the JVM to record: a site with a tiny application, a few requests, a look at the console, and the end. What it loads and
 * compiles makes the AOT cache that the next starts use.
 */
@Command(name = "warm-up", hidden = true, description = "Exercises a start, for the JVM's AOT cache.")
final class WarmUpCommand implements Callable<Integer> {
    private static final int REQUESTS = 200;
    private static final long PATIENCE_SECONDS = 10;

    private final Terminal terminal;

    WarmUpCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("banyan-warm-up");
        try {
            live(site(folder));
        } finally {
            delete(folder);
        }
        return Failures.DONE;
    }

    private void live(Path siteFile) throws IOException, InterruptedException {
        try (LiveSite live = LiveSite.open(siteFile, SiteFile.read(siteFile, name -> Optional.ofNullable(System.getenv(name))).orThrow("warm-up"));
                HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            Signals.listen(live::hurry);
            live.site().begin(new Request.Up()).outcome().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
            int answered = 0;
            for (int i = 0; i < REQUESTS; i++) {
                answered += get(http, live.addresses().getFirst() + "/") == 200 ? 1 : 0;
            }
            if (answered == 0) {
                throw new BanyanException(ErrorCode.INTERNAL, "not one of " + REQUESTS + " requests through the front door was answered");
            }
            get(http, live.console() + "/");
            get(http, live.console() + "/api/site");
            get(http, live.console() + "/metrics");
            terminal.progress(answered + " of " + REQUESTS + " requests answered");
        }
    }

    private static int get(HttpClient http, String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(PATIENCE_SECONDS)).build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    /** Its application is the JDK's own server of files, started and ended as any application. */
    private static Path site(Path folder) throws IOException {
        return Files.writeString(folder.resolve(Place.SITE_FILE), """
                site: warm-up
                application:
                  command: exec java -m jdk.httpserver -b 127.0.0.1 -p $PORT
                front-door:
                  listen: 127.0.0.1:0
                console:
                  listen: 127.0.0.1:0
                """);
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path done, IOException failure) throws IOException {
                Files.delete(done);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
