package dev.banyan.engines;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Any system, by what Java tells of processes: no sessions, environments or folders. A birth is the start in milliseconds. */
final class PortableProcesses implements ProcessTable {
    /** Of a process that belongs to another user, on some systems. */
    static final String UNKNOWN = "unknown";

    @Override
    public List<SeenProcess> all() {
        return ProcessHandle.allProcesses().filter(ProcessHandle::isAlive).map(PortableProcesses::seen).toList();
    }

    @Override
    public Optional<SeenProcess> find(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).map(PortableProcesses::seen);
    }

    private static SeenProcess seen(ProcessHandle process) {
        String birth = process.info().startInstant().map(Instant::toEpochMilli).map(Object::toString).orElse(UNKNOWN);
        return new SeenProcess(process.pid(), process.parent().map(ProcessHandle::pid).orElse(0L), 0, birth);
    }

    @Override
    public Set<String> environment(long pid) {
        return Set.of();
    }

    @Override
    public Optional<Path> program(long pid) {
        return ProcessHandle.of(pid).flatMap(process -> process.info().command()).map(Path::of);
    }

    @Override
    public String title(long pid) {
        return "";
    }

    @Override
    public Optional<Path> folder(long pid) {
        return Optional.empty();
    }
}
