package dev.banyan.http.gateway;

import dev.banyan.http.wire.Cidrs;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.topology.Gateway.Maintenance;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Answers nobody for a while, but those who work on the site. Immutable. */
final class MaintenanceRule {
    private final Cidrs allowed;
    private final LocalAnswer answer;

    private MaintenanceRule(Maintenance maintenance, Path folder) {
        allowed = Cidrs.of(maintenance.allow());
        String type = maintenance.page().map(page -> MediaTypes.of(page.toString())).orElse("text/plain; charset=utf-8");
        byte[] body = maintenance.page().map(page -> ErrorPages.read(folder.resolve(page)))
                .orElseGet(() -> "The site is being worked on and is back soon.\n".getBytes(StandardCharsets.UTF_8));
        answer = new LocalAnswer(
                503,
                "maintenance",
                List.of(new FieldLine("Content-Type", type), new FieldLine("Cache-Control", "no-store"), new FieldLine("Retry-After", Long.toString(maintenance.retryAfter().toSeconds()))),
                body);
    }

    /** Null when the site answers everybody. */
    static MaintenanceRule of(Maintenance maintenance, Path folder) {
        return maintenance.active() ? new MaintenanceRule(maintenance, folder) : null;
    }

    /** What a client is answered; null when it is served. */
    LocalAnswer answer(String client) {
        return allowed.contain(client) ? null : answer;
    }
}
