package dev.banyan.engines;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Makes a standby's data folder out of a running server: by the replication protocol, so that the two could be on different machines. The
 * folder appears by a rename when all of it is on disk: cut off at any moment, there is nothing or a whole copy.
 */
record ServerClone(Supervisor supervisor, RunAs runAs, Replication replication) {
    /** A server that makes a checkpoint on a slow disk is silent that long. */
    private static final Duration SILENCE = Duration.ofMinutes(5);
    private static final Pattern FULL_DISK = Pattern.compile("No space left on device|disk is full", Pattern.CASE_INSENSITIVE);

    /** Copies the source into the folder, which has no data. Throws DISK or ENGINE_FAILED, and leaves nothing then. */
    void copy(ServerFolder folder, RunningPostgres source, Progress progress) throws InterruptedException {
        try {
            DatabaseEndpoint login = replication.login(source);
            discard(folder);
            // Before the copy begins, so that the log from its beginning on is there when the standby asks.
            replication.freshSlot(source, folder.name());
            try (PostgresSession session = PostgresSession.open(login, Map.of("replication", "true"), SILENCE)) {
                receive(session, folder.unfinished(), progress);
            }
            makeStandby(folder, source);
            FolderSync.force(folder.unfinished());
            Files.move(folder.unfinished(), folder.data(), StandardCopyOption.ATOMIC_MOVE);
            AtomicFile.forceFolder(folder.path());
        } catch (IOException | BanyanException e) {
            boolean brokenOff = Thread.interrupted() || e instanceof ClosedByInterruptException;
            undo(folder, source);
            if (brokenOff) {
                throw (InterruptedException) new InterruptedException("copying " + source.name() + " was broken off").initCause(e);
            }
            throw e instanceof IOException failed ? failure(folder, source, failed) : (BanyanException) e;
        }
    }

    private static void receive(PostgresSession session, Path into, Progress progress) throws IOException {
        BaseBackup backup = BaseBackup.begin(session);
        Map<String, BackupFolder.Unpacked> files = new BackupFolder(into, backup.expectedBytes(), progress).unpack(backup.archive());
        BackupManifest.check(backup.manifest(), files);
        backup.finish();
    }

    /** Also what the copy must not share with its source: for whom commits wait. */
    private void makeStandby(ServerFolder folder, RunningPostgres source) throws IOException {
        ReplicationConf.ALONE.from(replication.source(folder, source)).write(folder.unfinished(), runAs);
        Files.writeString(folder.unfinished().resolve(folder.standbySignal().getFileName()), "");
        runAs.own(folder.unfinished());
    }

    /** What an earlier one left that was cut off. */
    private static void discard(ServerFolder folder) throws IOException {
        Files.createDirectories(folder.path());
        PostgresBinaries.deleteTree(folder.unfinished());
    }

    /** As far as that can be done: the source may be gone. What stays is taken away by the next clone or start. */
    private void undo(ServerFolder folder, RunningPostgres source) {
        try {
            discard(folder);
            replication.dropSlot(source, folder.name());
        } catch (IOException | BanyanException left) {
            supervisor.tell(new ProcessEvent.Noted(folder.name(), "the copy for " + folder.name() + " failed and is not wholly taken away, which the next start does: " + left.getMessage()));
        }
    }

    private BanyanException failure(ServerFolder folder, RunningPostgres source, IOException e) {
        String reason = Reason.of(e);
        boolean disk = e instanceof FileSystemException || e instanceof FileNotFoundException || FULL_DISK.matcher(reason).find();
        return new BanyanException(disk ? ErrorCode.DISK : ErrorCode.ENGINE_FAILED, source.name() + " could not be copied to " + folder.path() + ": " + reason, e);
    }
}
