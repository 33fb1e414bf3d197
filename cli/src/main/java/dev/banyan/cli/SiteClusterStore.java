package dev.banyan.cli;

import dev.banyan.control.database.ClusterRecord;
import dev.banyan.control.database.ClusterStore;
import dev.banyan.engines.ClusterFile;
import java.util.Optional;

/** What control decided of the database's servers, in the file that the servers' starts go by. */
record SiteClusterStore(ClusterFile file) implements ClusterStore {
    @Override
    public Optional<ClusterRecord> read() {
        return file.read().map(kept -> new ClusterRecord(kept.epoch(), kept.primary(), kept.members(), kept.synchronous(), kept.named()));
    }

    @Override
    public void write(ClusterRecord record) {
        file.write(new ClusterFile.Content(record.epoch(), record.primary(), record.members(), record.synchronous(), record.named()));
    }
}
