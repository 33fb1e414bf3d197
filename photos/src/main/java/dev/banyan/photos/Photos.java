package dev.banyan.photos;

import java.util.Arrays;
import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The program: without arguments it serves the site, {@code seed} fills the database with a demo world. */
public final class Photos {
    private static final String USAGE = """
            usage: photos            serve the site on PORT (3000)
                   photos seed [--users 200] [--photos 1000] [--likes 5000] [--comments 2000] [--follows 1.1] [--seed 1]
                   photos warm-up    do what a start does, without a database, for a JVM that records an AOT cache
            The database comes from JDBC_DATABASE_URL or DATABASE_URL; docs/photos.md lists every variable.
            """;

    private Photos() {}

    /** Exit codes: 0 done, 1 failed, 2 wrong usage. */
    public static void main(String[] arguments) {
        quietLog();
        System.setProperty("java.awt.headless", "true");
        try {
            switch (arguments.length == 0 ? "serve" : arguments[0]) {
                case "serve" -> serve(Settings.from(System.getenv()));
                case "seed" -> Seed.run(Settings.from(System.getenv()), SeedSize.parse(Arrays.asList(arguments).subList(1, arguments.length)));
                case "warm-up" -> WarmUp.run();
                case "help", "--help", "-h" -> System.out.print(USAGE);
                default -> throw new IllegalArgumentException("unknown command '" + arguments[0] + "'\n" + USAGE);
            }
        } catch (IllegalArgumentException e) {
            end(2, e);
        } catch (Exception e) {
            end(1, e);
        }
    }

    private static void serve(Settings settings) throws Exception {
        WebServer web = WebServer.start(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(web), "stop"));
        double seconds = (System.currentTimeMillis() - ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli()) / 1000.0;
        System.out.printf("photos %s serves http://localhost:%d (ready after %.2f s)%n", settings.instance(), web.port(), seconds);
    }

    private static void stop(WebServer web) {
        try {
            web.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(int code, Exception e) {
        System.err.println("photos: " + e.getMessage());
        System.exit(code);
    }

    /** Warnings only, one line each: what goes right is seen in the metrics of whatever stands before us. */
    private static void quietLog() {
        System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT.%1$tL %4$s %3$s: %5$s%6$s%n");
        Logger root = Logger.getLogger("");
        Arrays.stream(root.getHandlers()).forEach(root::removeHandler);
        ConsoleHandler console = new ConsoleHandler();
        root.addHandler(console);
        root.setLevel(Level.WARNING);
    }
}
