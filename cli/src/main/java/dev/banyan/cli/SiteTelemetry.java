package dev.banyan.cli;

import dev.banyan.telemetry.OtlpPush;
import dev.banyan.telemetry.Tracer;
import dev.banyan.topology.Telemetry;
import dev.banyan.topology.Topology;
import java.util.Optional;

/** What is sent to the collector that the site file names, if it names one; and which requests are traced. Safe for any thread. */
final class SiteTelemetry implements AutoCloseable {
    private final Telemetry settings;
    private final Optional<Tracer> tracer;
    private final Optional<OtlpPush> push;

    private SiteTelemetry(Telemetry settings, Optional<Tracer> tracer, Optional<OtlpPush> push) {
        this.settings = settings;
        this.tracer = tracer;
        this.push = push;
    }

    static SiteTelemetry open(Topology site, Ground ground) {
        Telemetry settings = site.telemetry();
        if (settings.otlp().isEmpty()) {
            return new SiteTelemetry(settings, Optional.empty(), Optional.empty());
        }
        Telemetry.Otlp otlp = settings.otlp().get();
        Tracer tracer = Tracer.of(settings.traces(), ground.clock(), ground.registry());
        OtlpPush push = OtlpPush.start(otlp, site.site().value(), Ground.newName(), ground.registry(), tracer, ground.loops(), ground.clock(), ground.log());
        return new SiteTelemetry(settings, otlp.traces() ? Optional.of(tracer) : Optional.empty(), Optional.of(push));
    }

    /** What records the requests of a part of the site; empty when nothing is traced. */
    Optional<Tracer> tracer(String part) {
        return tracer.map(all -> all.of(part));
    }

    /** What records statements; empty when the site file does not want their comments read. */
    Optional<Tracer> statements() {
        return tracer("database-router").filter(_ -> settings.sqlComments());
    }

    /** From now on other requests are traced; where things are sent stays. */
    void use(Telemetry newer) {
        tracer.ifPresent(all -> all.use(newer.traces()));
    }

    /** Sends what is left. */
    @Override
    public void close() {
        push.ifPresent(OtlpPush::close);
    }
}
