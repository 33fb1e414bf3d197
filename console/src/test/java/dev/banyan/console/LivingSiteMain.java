package dev.banyan.console;

import dev.banyan.net.Clock;
import dev.banyan.net.IoKind;
import dev.banyan.net.Loops;
import dev.banyan.telemetry.Decisions;
import dev.banyan.telemetry.EventLog;
import dev.banyan.telemetry.LogEvent;
import dev.banyan.telemetry.Registry;
import dev.banyan.topology.Decision;
import dev.banyan.topology.HostPort;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Serves the page over a made-up living site, to work on its looks. Arguments: port, requests a second, a stage, "failing" or "60" (servers), seconds to live, and how
 * many servers of the application if it shall be many. Prints
 * the link.
 */
public final class LivingSiteMain {
    private LivingSiteMain() {}

    public static void main(String[] args) throws InterruptedException {
        Clock clock = Clock.system();
        Registry registry = new Registry(clock);
        Path folder = Path.of("target", "living-site");
        try (Loops loops = Loops.open(IoKind.NIO, 1);
                EventLog log = EventLog.open(folder.resolve("banyan.log"), LogEvent.Level.INFO, loops, clock, registry)) {
            Decisions decisions = new Decisions(registry, log);
            LivingSite site = new LivingSite(clock, decisions, Duration.ofSeconds(2)).load(Double.parseDouble(args[1]));
            if (args[2].equals("failing")) {
                site.stage(3).server("web-2", Site.Health.DOWN).server("web-3", Site.Health.DRAINING).failing(.08);
            }
            if (args[2].equals("4")) {
                site.stage(4).server("web-2", Site.Health.UP).server("web-3", Site.Health.UP).database("db-2", Site.Health.UP).database("db-3", Site.Health.UP);
                decisions.announce(new Decision("promote db-1", "db-4 was lost: its process was killed by signal 9", "db-1 at 0/3A1F2B8, db-2 at 0/3A1F2B8", clock.now()));
            }
            if (args[2].equals("3")) {
                site.stage(3).server("web-2", Site.Health.UP).server("web-3", Site.Health.SICK);
                decisions.announce(new Decision("start web-3", "stage 3 wants 3 servers and there were 2", "2 of 3 healthy", clock.now()));
                decisions.announce(new Decision("eject web-3", "5 connection failures in a row (limit 5)", "web-1 and web-2 healthy, 0 ejected", clock.now()));
            }
            if (args[2].equals("60")) {
                site.large();
            }
            if (args[2].equals("5")) {
                site.stage(5).server("web-2", Site.Health.UP).server("web-3", Site.Health.UP).database("db-2", Site.Health.UP).database("db-3", Site.Health.UP);
            }
            if (args[2].equals("6")) {
                site.stage(6).server("web-2", Site.Health.UP).server("web-3", Site.Health.UP).database("db-2", Site.Health.UP).database("db-3", Site.Health.UP);
                decisions.announce(new Decision("let lisbon-1 join", "an edge at http://10.1.0.7:80 asked for it", "1 edge of other machines", clock.now()));
            }
            if (args.length > 4) {
                for (int i = 1; i <= Integer.parseInt(args[4]); i++) {
                    site.stage(3).server("web-" + i, i % 13 == 7 ? Site.Health.DRAINING : i % 17 == 5 ? Site.Health.DOWN : Site.Health.UP);
                }
            }
            Token token = Token.in(folder.resolve("console.token"));
            HostPort listen = new HostPort("127.0.0.1", Integer.parseInt(args[0]));
            try (AdminServer console = AdminServer.start(listen, token, site, site, registry, decisions, log, loops, clock)) {
                System.out.println("http://" + console.address() + "/?token=" + token.reveal());
                clock.sleep(Duration.ofSeconds(Long.parseLong(args[3])));
            }
        }
    }
}
