package dev.banyan.telemetry.history;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.util.List;
import java.util.Optional;

/** Where none can be kept: a disk that refuses. */
public final class NoHistory implements History {
    @Override
    public List<KeptSeries> series() {
        return List.of();
    }

    @Override
    public Plot read(List<String> ids, int seconds, int points, Optional<Fold> fold) {
        throw new BanyanException(ErrorCode.NO_SUCH_THING, "no history is kept: the log 'banyan' says why");
    }
}
