package dev.banyan.engines;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The machine's processes. What belongs to another user or has just ended is empty, never an error. */
sealed interface ProcessTable permits ProcFolder, PortableProcesses {
    static ProcessTable ofThisMachine() {
        return Files.exists(Path.of("/proc/self/stat")) ? new ProcFolder(Path.of("/proc")) : new PortableProcesses();
    }

    /** All that run; those that have ended and only wait for their parent to notice are left out. */
    List<SeenProcess> all();

    /** Empty when it does not run. */
    Optional<SeenProcess> find(long pid);

    /** {@code NAME=value} as the process was started with; empty where the system does not tell or the program wrote over it. */
    Set<String> environment(long pid);

    /** The program's file. */
    Optional<Path> program(long pid);

    /** What it calls itself, its arguments included, as {@code postgres: walreceiver streaming 0/3000060}; empty where the system does not tell. */
    String title(long pid);

    /** The folder it works in. */
    Optional<Path> folder(long pid);

    default boolean runs(SeenProcess process) {
        return find(process.pid()).filter(now -> now.birth().equals(process.birth())).isPresent();
    }
}
