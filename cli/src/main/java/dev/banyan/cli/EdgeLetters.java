package dev.banyan.cli;

import dev.banyan.console.Figures;
import dev.banyan.console.Purge;
import dev.banyan.telemetry.slo.Tally;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an edge on another machine and its site write to each other, as JSON. */
final class EdgeLetters {
    private static final JsonMapper JSON = new JsonMapper();

    private EdgeLetters() {}

    /** The console's own way of writing is for people; this one is read back. */
    static JsonNode write(Object letter) {
        return JSON.valueToTree(letter);
    }

    /** @throws BanyanException USAGE when it is none, as one of another version's */
    static <T> T read(JsonNode letter, Class<T> kind) {
        try {
            return JSON.treeToValue(letter, kind);
        } catch (JacksonException e) {
            throw new BanyanException(ErrorCode.USAGE, "an edge and its site do not understand each other (" + e.getOriginalMessage() + "): both must be the same version of Banyan", e);
        }
    }

    /**
     * What an edge is told when it joins.
     *
     * @param secret what it shows the front door
     * @param originHost where the front door lets edges in; empty for the host that the site was reached at
     * @param fingerprint of the certificate there, SHA-256 in hexadecimal digits
     * @param run the run of the site whose purges are counted
     * @param last the last of them
     */
    record Welcome(EdgeSettings settings, long revision, String secret, String originHost, int originPort, String fingerprint, String run, long last) {}

    /**
     * What an edge says now and then.
     *
     * @param run of the site that it heard of last
     * @param applied the last purge that is in force there
     * @param revision of the settings that it uses
     * @param done how many responses each purge since its last report was
     */
    record Report(String run, long applied, long revision, List<Done> done, Seen seen) {
        Report {
            done = List.copyOf(done);
        }
    }

    record Done(long number, long responses) {}

    /**
     * What it did.
     *
     * @param given what it has answered users since it was opened, against what the site promises them
     */
    record Seen(Figures traffic, Figures fetches, long failed, long asked, long responses, long bytes, long evictions, int connections, Tally given) {
        static final Seen NOTHING = new Seen(Figures.NONE, Figures.NONE, 0, 0, 0, 0, 0, 0, Tally.NONE);

        static Seen of(EdgeFigures of) {
            return of(of, Tally.NONE);
        }

        static Seen of(EdgeFigures of, Tally given) {
            return new Seen(of.traffic(), of.fetches(), of.failed(), of.asked(), of.responses(), of.bytes(), of.evictions(), of.connections(), given);
        }
    }

    /**
     * What an edge is to do.
     *
     * @param gap there were purges that are not known any more: all that it has is stale
     * @param last the last purge there is
     * @param settings other ones
     */
    record Orders(String run, long last, boolean gap, List<Ordered> purges, Optional<EdgeSettings> settings, long revision) {
        Orders {
            purges = List.copyOf(purges);
        }
    }

    record Ordered(long number, Purge purge) {}
}
