package dev.banyan.cli;

import dev.banyan.console.FaultKind;
import dev.banyan.console.FaultOrder;
import dev.banyan.engines.Family;
import dev.banyan.engines.StateFolder;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.util.List;
import java.util.Optional;

/**
 * A server that Banyan runs as a process, broken by signals to it and everything below it. Its supervisor is not told: what follows is what
 * would follow if it had happened by itself.
 */
final class ServerFaults implements FaultPlace {
    private final StateFolder folder;
    private final Family family;

    private ServerFaults(StateFolder folder, Family family) {
        this.folder = folder;
        this.family = family;
    }

    /** All of them, those too that are just not running. */
    static List<FaultPlace> all(StateFolder folder) {
        return Family.all(folder).stream().<FaultPlace>map(family -> new ServerFaults(folder, family)).toList();
    }

    /** What a Banyan that was killed has left broken of a server goes on. */
    static void undoLeft(StateFolder folder, String target) {
        // Of an arrow db-1>db-2 it is the replica's receiver that may be stopped.
        Family.of(folder, target.substring(target.indexOf('>') + 1)).ifPresent(family -> {
            family.resume();
            if (family.canFillDisk()) {
                family.emptyDisk();
            }
        });
    }

    @Override
    public String target() {
        return family.name();
    }

    @Override
    public List<FaultKind> kinds() {
        return family.canFillDisk() ? List.of(FaultKind.KILL, FaultKind.STOP, FaultKind.FULL_DISK) : List.of(FaultKind.KILL, FaultKind.STOP);
    }

    @Override
    public boolean runs() {
        return family.runs();
    }

    @Override
    public Broken breaking(FaultOrder order) {
        return switch (order.kind()) {
            case KILL -> new Killed(some(family.kill()));
            case STOP -> new Stopped(some(family.stop()));
            case FULL_DISK -> new Full(some(family.fillDisk()));
            case LATENCY, DROP, PARTITION -> throw new IllegalArgumentException(order.kind().word() + " is not for a server's processes");
        };
    }

    private int some(int processes) {
        if (processes == 0) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, target() + " (process " + family.head() + ") does not run any more");
        }
        return processes;
    }

    private static String were(int processes, String what) {
        return (processes == 1 ? "its one process was " : "its " + processes + " processes were ") + what;
    }

    private final class Killed implements Broken {
        private final int processes;

        Killed(int processes) {
            this.processes = processes;
        }

        @Override
        public String sentence() {
            return were(processes, "killed (SIGKILL)");
        }

        @Override
        public Optional<String> over() {
            Optional<Family> now = Family.of(folder, target());
            if (now.isEmpty()) {
                return Optional.of("it was fenced, and is started again or replaced");
            }
            return now.filter(other -> family.isFollowedBy(other) && other.runs()).map(other -> "it runs again, as process " + other.head());
        }

        /** Whoever supervises it starts it again, or puts another in its place. */
        @Override
        public void undo() {}
    }

    private final class Stopped implements Broken {
        private final int processes;

        Stopped(int processes) {
            this.processes = processes;
        }

        @Override
        public String sentence() {
            return were(processes, "stopped (SIGSTOP)");
        }

        @Override
        public Optional<String> over() {
            return family.runs() ? Optional.empty() : Optional.of("the stopped processes were ended meanwhile");
        }

        @Override
        public void undo() {
            family.resume();
        }
    }

    private final class Full implements Broken {
        private final int processes;

        Full(int processes) {
            this.processes = processes;
        }

        @Override
        public String sentence() {
            return (processes == 1 ? "its one process" : "its " + processes + " processes") + " can write to no file";
        }

        @Override
        public Optional<String> over() {
            return family.runs() ? Optional.empty() : Optional.of("the server ended, and whatever takes its place can write");
        }

        @Override
        public void undo() {
            family.emptyDisk();
        }
    }
}
