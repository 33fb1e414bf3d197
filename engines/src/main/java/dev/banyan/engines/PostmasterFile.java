package dev.banyan.engines;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code postmaster.pid}: a running server's own word on itself. Line 1 is its process id, line 8 its state (PostgreSQL's
 * src/include/utils/pidfile.h).
 */
record PostmasterFile(Path data) {
    private static final int PID_LINE = 0;
    private static final int STATE_LINE = 7;

    /** Whether this very process accepts connections. */
    boolean saysReady(long pid) {
        List<String> lines = lines();
        return lines.size() > STATE_LINE
                && lines.get(PID_LINE).strip().equals(Long.toString(pid))
                && lines.get(STATE_LINE).strip().equals("ready");
    }

    /**
     * Takes away what a killed server left. PostgreSQL would itself refuse to start when a stranger lives under the id in the file; whether
     * that process is this folder's server is known better here. A server that still runs is an error: it was to be ended first.
     */
    void clearStale(ProcessTable table) {
        List<String> lines = lines();
        if (lines.isEmpty()) {
            return;
        }
        String pid = lines.get(PID_LINE).strip();
        if (pid.matches("\\d{1,10}") && table.find(Long.parseLong(pid)).filter(process -> isServerHere(process, table)).isPresent()) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, "PostgreSQL runs already in " + data + " as process " + pid + "; end it first");
        }
        try {
            Files.delete(path());
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, path() + " of a killed server cannot be deleted: " + Reason.of(e), e);
        }
    }

    /** Where the system does not tell folders, any PostgreSQL under that id counts. */
    private boolean isServerHere(SeenProcess process, ProcessTable table) {
        return Kin.isPostgres(process, table) && table.folder(process.pid()).map(folder -> folder.equals(data)).orElse(true);
    }

    private Path path() {
        return data.resolve("postmaster.pid");
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(path());
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, path() + " cannot be read: " + Reason.of(e), e);
        }
    }
}
