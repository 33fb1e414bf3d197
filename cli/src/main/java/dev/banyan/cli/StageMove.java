package dev.banyan.cli;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Stage;
import java.util.Optional;

/** A move of the running site to another stage, up or down. */
final class StageMove {
    private StageMove() {}

    /** @param to a stage's number; empty for the next one in that direction */
    static int make(Place place, Optional<Integer> to, boolean up, boolean dryRun, boolean json, Terminal terminal) {
        try (AdminClient client = AdminClient.of(place.stateFolder())) {
            Stage now = Stage.of(client.get("/api/site").path("stage").asInt());
            int target = to.map(StageMove::known).orElseGet(() -> (up ? now.next() : now.previous()).orElseThrow(() -> last(now, up))).number();
            RemoteMove move = new RemoteMove(client, terminal, json);
            return dryRun ? move.plan("do=grow&to=" + target) : move.make("/api/grow", "{\"to\":" + target + "}");
        }
    }

    /** @throws BanyanException USAGE, when there is no such stage */
    static Stage known(int number) {
        try {
            return Stage.of(number);
        } catch (IllegalArgumentException e) {
            throw new BanyanException(ErrorCode.USAGE, e.getMessage(), e);
        }
    }

    private static BanyanException last(Stage now, boolean up) {
        return new BanyanException(ErrorCode.USAGE, "the site is at stage " + now.title() + ", the " + (up ? "highest" : "lowest") + " there is");
    }
}
