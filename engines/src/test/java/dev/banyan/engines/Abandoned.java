package dev.banyan.engines;

import dev.banyan.net.Clock;
import dev.banyan.net.FreePorts;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.topology.Cache;
import dev.banyan.topology.SiteName;
import dev.banyan.topology.file.SiteFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A small Banyan to be killed: holds the folder it is given, runs two commands in it (with the argument "commands"), a PostgreSQL (with
 * "postgresql"), one with much in it and its replica (with "replica"), a Redis (with "redis"), says so, and waits.
 */
final class Abandoned {
    private Abandoned() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        StateFolder folder = StateFolder.at(Path.of(arguments[0]));
        SiteHold hold = SiteHold.take(folder);
        Loops loops = Loops.open(IoKind.NIO, 1);
        Supervisor supervisor = new Supervisor(folder, loops.blocking(), Clock.system(), Loops.random(), event -> {});
        Set<String> what = Set.of(arguments);
        if (what.contains("commands")) {
            sh(supervisor, "web-1", "sleep 301 & setsid sleep 302 & (setsid sh -c 'sleep 303; true' &) ; exec sleep 304");
            // Deaf to TERM, and with a child that carries no marker and sits in the child's session.
            sh(supervisor, "web-2", "trap '' TERM; env -i sleep 305 & while :; do wait; done");
        }
        if (what.contains("postgresql")) {
            new PostgresServers(supervisor, new SiteName("abandoned"), Databases.ANY_PORT, new FreePorts()).start(PostgresServers.FIRST);
        }
        if (what.contains("replica")) {
            PostgresServers servers = new PostgresServers(supervisor, new SiteName("photo-site"), Databases.ANY_PORT, new FreePorts());
            RunningPostgres primary = servers.start("db-1");
            primary.ask("CREATE TABLE photo AS SELECT id, repeat(md5(id::text), 12) AS title FROM generate_series(1, 130000) id", Duration.ofMinutes(1));
            servers.cloneFrom("db-2", primary, Progress.NONE);
        }
        if (what.contains("redis")) {
            Cache cache = SiteFile.read("{site: a, application: {command: x}}", _ -> Optional.empty()).orThrow("test").cache();
            new RedisServers(supervisor, cache, new FreePorts(), List.of(), _ -> {}).start("cache-1");
        }
        System.out.println("up");
        while (hold != null) {
            Clock.system().sleep(Duration.ofSeconds(60));
        }
    }

    private static void sh(Supervisor supervisor, String name, String script) {
        supervisor.start(new ChildSpec(name, List.of("/bin/sh", "-c", script), Map.of(), supervisor.folder().path(), Duration.ofSeconds(5), () -> {}));
    }
}
