package dev.banyan.cli;

import dev.banyan.console.FaultKind;
import dev.banyan.console.FaultOrder;
import dev.banyan.engines.Family;
import dev.banyan.engines.StateFolder;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.util.List;
import java.util.Optional;

/** The log that a replica gets from its primary: it is not taken while the replica's receiver is stopped. Neither end is Banyan's, so there is nothing else to break. */
final class ReplicationFaults implements FaultPlace {
    /** As PostgreSQL calls that process. */
    private static final String RECEIVER = "walreceiver";

    private final StateFolder folder;
    private final String primary;
    private final String replica;

    ReplicationFaults(StateFolder folder, String primary, String replica) {
        this.folder = folder;
        this.primary = primary;
        this.replica = replica;
    }

    @Override
    public String target() {
        return primary + ">" + replica;
    }

    @Override
    public List<FaultKind> kinds() {
        return List.of(FaultKind.DROP);
    }

    @Override
    public boolean runs() {
        return Family.of(folder, replica).filter(family -> family.has(RECEIVER)).isPresent();
    }

    @Override
    public Broken breaking(FaultOrder order) {
        Family family = Family.of(folder, replica).orElseThrow(this::none);
        if (family.stop(RECEIVER) == 0) {
            throw none();
        }
        return new Broken() {
            @Override
            public String sentence() {
                return "the process of " + replica + " that receives the log was stopped (SIGSTOP)";
            }

            @Override
            public Optional<String> over() {
                return family.has(RECEIVER) ? Optional.empty() : Optional.of("the stopped process was ended meanwhile");
            }

            @Override
            public void undo() {
                family.resume();
            }
        };
    }

    private BanyanException none() {
        return new BanyanException(ErrorCode.ENGINE_FAILED, replica + " receives no log now");
    }
}
