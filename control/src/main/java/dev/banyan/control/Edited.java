package dev.banyan.control;

import dev.banyan.topology.Applied.Effect;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Topology;
import dev.banyan.topology.file.Change;
import dev.banyan.topology.file.SiteDiff;
import java.util.List;
import java.util.stream.Collectors;

/** What an edited site file asks of a running site. Pure. */
final class Edited {
    private Edited() {}

    /**
     * An edited stage or number of instances wins; an unedited one leaves the site at the stage it has grown to.
     *
     * @throws BanyanException USAGE when something was edited that only a new start can change; then nothing is
     */
    static Wanted from(Wanted running, Topology file) {
        Wanted edited = Wanted.of(file);
        Wanted wanted = edited.file().equals(running.file()) ? edited.at(running.stage()) : edited;
        List<Change> restart = SiteDiff.between(running.site(), wanted.site()).by(Effect.RESTART);
        if (!restart.isEmpty()) {
            throw new BanyanException(ErrorCode.USAGE, "the site file has edits that only a new start can apply, so nothing was changed: "
                    + restart.stream().map(Change::toString).collect(Collectors.joining("; "))
                    + ". Take them back, or stop the site (Ctrl-C) and start it with 'banyan up'");
        }
        return wanted;
    }
}
