package dev.banyan.engines;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The settings that Banyan answers for: {@code banyan.conf} in the data folder, included by postgresql.conf and written anew at each start.
 * The user's own settings belong into postgresql.conf behind the include, or into ALTER SYSTEM; they win.
 *
 * @param freeBytes on the disk: how much log is kept for a standby that is away depends on it
 */
record PostgresConf(String site, String server, int port, long freeBytes) {
    static final String FILE = "banyan.conf";
    /**
     * How all of a data folder is forced to disk after it was made, and before a log is replayed: on Linux by one call for the file system, as
     * safe as a call for each of its thousand files and two to three times as fast.
     */
    static final String SYNC_METHOD = Files.exists(Path.of("/proc/self/stat")) ? "syncfs" : "fsync";
    private static final int KEPT_MB = 256;
    private static final int MOST_SLOT_MB = 10_240;
    static final String INCLUDE = "\n# Banyan's settings; put your own below this line, they win.\ninclude_if_exists = '" + FILE + "'\n";

    /** Who may connect: by TCP from this machine, with a password. Written once; the user may change it. */
    static final String HBA = """
            # TYPE  DATABASE     USER  ADDRESS       METHOD
            host    all          all   127.0.0.1/32  scram-sha-256
            host    replication  all   127.0.0.1/32  scram-sha-256
            """;

    String text() {
        return """
                # Written by Banyan at each start: changes here are lost.
                cluster_name = '%s/%s'
                listen_addresses = '127.0.0.1'
                port = %d
                # No socket file: its path would be limited to 107 bytes, and .banyan may lie deep.
                unix_socket_directories = ''
                password_encryption = 'scram-sha-256'
                max_connections = 200

                # An acknowledged commit is on disk, and a page torn by a crash is mended from the log.
                fsync = on
                full_page_writes = on
                synchronous_commit = on
                recovery_init_sync_method = %s

                # Replicas, change capture and resharding attach later without a restart; these cannot change while it runs.
                wal_level = logical
                max_wal_senders = 32
                max_replication_slots = 32
                max_prepared_transactions = 100

                # Replication. A standby that was away finds the log by its slot, and one that has to change over to another primary, without a slot
                # there yet, in what is kept anyway. A slot is given up before the disk is full: its standby is then cloned anew.
                wal_keep_size = '%dMB'
                max_slot_wal_keep_size = '%dMB'
                wal_sender_timeout = '10s'
                # A standby answers reads. What they need is told to the primary, so that its vacuum does not cut them off; rows that a long read
                # on a standby still sees stay there as long.
                hot_standby = on
                hot_standby_feedback = on
                # What a read may still hold up, the replay of a lock, waits this long for it: a standby's age is bounded by it.
                max_standby_streaming_delay = '5s'
                recovery_target_timeline = 'latest'
                wal_receiver_status_interval = '1s'
                wal_receiver_timeout = '10s'
                wal_retrieve_retry_interval = '100ms'

                # To the log that Banyan keeps.
                log_destination = 'stderr'
                logging_collector = off
                log_line_prefix = '%%m [%%p] %%q%%u@%%d '
                log_timezone = 'UTC'
                timezone = 'UTC'
                lc_messages = 'C'

                # What changes while it runs.
                include_if_exists = '%s'
                """.formatted(site, server, port, SYNC_METHOD, KEPT_MB, slotMegabytes(), ReplicationConf.FILE);
    }

    /** A quarter of what is free, within bounds. */
    private long slotMegabytes() {
        return Math.clamp((freeBytes >> 20) / 4, KEPT_MB, MOST_SLOT_MB);
    }
}
