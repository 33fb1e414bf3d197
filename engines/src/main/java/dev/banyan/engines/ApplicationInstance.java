package dev.banyan.engines;

import dev.banyan.net.FreePorts;
import dev.banyan.topology.Application;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.CommandLine;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One copy of the user's application: its command as a supervised process, with a port and the attached resources in its environment.
 *
 * <p>It is given, the later ones winning: Banyan's own environment; {@code PORT}, {@code HOST}, {@code BANYAN_INSTANCE}, {@code
 * BANYAN_REGION}; {@code JAVA_HOME} and a PATH whose {@code java} is the one Banyan runs on; the resources; the site file's environment.
 */
public final class ApplicationInstance {
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
    private static final int TOLD_LINES = 15;

    private final ChildProcess process;
    private final HostPort address;
    private final Application application;
    private final Supervisor supervisor;

    private ApplicationInstance(ChildProcess process, HostPort address, Application application, Supervisor supervisor) {
        this.process = process;
        this.address = address;
        this.application = application;
        this.supervisor = supervisor;
    }

    /**
     * Starts it and returns at once; {@link #awaitHealthy} waits until it can serve.
     *
     * @param name as {@code web-1}
     * @param port where it shall listen at 127.0.0.1, see {@link FreePorts}
     * @param resources the attached resources' variables, see {@link DatabaseEndpoint#variables}
     * @param siteFile what the application's folder is relative to
     */
    public static ApplicationInstance start(
            Supervisor supervisor, Application application, String name, int port, Map<String, Secret> resources, Path siteFile) {
        CommandLine command = application.command()
                .orElseThrow(() -> new IllegalArgumentException(name + " has no command: its servers run already"));
        Path directory = siteFile.toAbsolutePath().resolveSibling(application.directory()).normalize();
        if (!Files.isDirectory(directory)) {
            throw new BanyanException(ErrorCode.BAD_SITE_FILE, "application.directory is " + directory + ", which is no folder");
        }
        HostPort address = new HostPort("127.0.0.1", port);
        Map<String, String> environment = environment(name, address, resources, application.environment());
        ChildSpec spec = new ChildSpec(name, command.words(), environment, directory, application.stopTimeout(), () -> {});
        return new ApplicationInstance(supervisor.start(spec), address, application, supervisor);
    }

    private static Map<String, String> environment(String name, HostPort address, Map<String, Secret> resources, Map<String, Secret> site) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PORT", Integer.toString(address.port()));
        environment.put("HOST", address.host());
        environment.put("BANYAN_INSTANCE", name);
        environment.put("BANYAN_REGION", "local");
        Path java = Path.of(System.getProperty("java.home"));
        environment.put("JAVA_HOME", java.toString());
        environment.put("PATH", java.resolve("bin") + File.pathSeparator + System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
        resources.forEach((variable, value) -> environment.put(variable, value.reveal()));
        site.forEach((variable, value) -> environment.put(variable, value.reveal()));
        return environment;
    }

    public String name() {
        return process.name();
    }

    /** Where it listens. */
    public HostPort address() {
        return address;
    }

    /** Whether its process runs, which does not say that it can serve. */
    public boolean alive() {
        return process.alive();
    }

    /** How often its process has ended by itself since it was started here. */
    public int exits() {
        return process.exits();
    }

    /** The last lines of its output, oldest first. */
    public List<String> recentLines(int count) {
        return process.recentLines(count);
    }

    /**
     * Blocks until the health path answers 200 to 399. Throws APPLICATION_FAILED when the process ends first, TIMED_OUT when the start timeout
     * passes; both with the last lines of its output. The process is left as it is: whoever started it stops it.
     */
    public void awaitHealthy() throws InterruptedException {
        HealthProbe probe = new HealthProbe(address, application.healthPath(), ANSWER_WITHIN);
        int exitsBefore = process.exits();
        HealthProbe.Answer[] last = {new HealthProbe.Answer.None("not asked yet")};
        boolean ended = !Waiting.until(() -> {
            last[0] = probe.ask();
            return process.exits() > exitsBefore || last[0] instanceof HealthProbe.Answer.Status status && status.healthy();
        }, application.startTimeout(), LOOK_EVERY, supervisor.clock());
        if (process.exits() > exitsBefore) {
            throw new BanyanException(ErrorCode.APPLICATION_FAILED, exit() + ", before it was healthy" + told());
        }
        if (ended) {
            throw new BanyanException(ErrorCode.TIMED_OUT, "%s was not healthy within %d ms: GET http://%s%s said: %s%s".formatted(
                    name(), application.startTimeout().toMillis(), address, application.healthPath(), describe(last[0]), told()));
        }
    }

    private static String describe(HealthProbe.Answer answer) {
        return switch (answer) {
            case HealthProbe.Answer.Status status -> "status " + status.code();
            case HealthProbe.Answer.None none -> none.why() + (none.why().contains("refused") ? " (does it listen at the port that PORT says?)" : "");
        };
    }

    private String exit() {
        return process.lastExit().map(ProcessEvent.Exited::sentence).orElse(name() + " ended");
    }

    private String told() {
        List<String> lines = process.recentLines(TOLD_LINES);
        return lines.isEmpty() ? "; it printed nothing" : "; its last lines:\n  " + String.join("\n  ", lines);
    }

    /** Ends it and everything below it: TERM, and KILL after the stop timeout. Blocks until all is gone. */
    public void stop() {
        process.stop();
    }
}
