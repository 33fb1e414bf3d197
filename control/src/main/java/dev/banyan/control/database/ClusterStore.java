package dev.banyan.control.database;

import dev.banyan.topology.BanyanException;
import java.util.Optional;

/** The disk that keeps the {@link ClusterRecord}. For one thread at a time. */
public interface ClusterStore {
    /**
     * The last one written; empty before the first.
     *
     * @throws BanyanException DISK when there is one and it cannot be read: it must not be guessed
     */
    Optional<ClusterRecord> read();

    /**
     * When this returns, it survives the loss of power; when it throws, either the old one or this one is there.
     *
     * @throws BanyanException DISK
     */
    void write(ClusterRecord record);
}
