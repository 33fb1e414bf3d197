package dev.banyan.engines;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Secret;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How standbys get at their primary's log: by the role {@code banyan_replication}, which may do nothing else, and by a slot each, so that the
 * primary keeps what the standby has not got yet.
 *
 * @param runAs whose the password file is to be
 */
record Replication(StateFolder home, RunAs runAs) {
    static final String ROLE = "banyan_replication";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** A standby that cannot connect tries again soon; it must not hang on a server that is stopped. */
    private static final String CONNECTION = "host=127.0.0.1 port=%d user=" + ROLE + " passfile='%s' application_name=%s connect_timeout=2 sslmode=disable gssencmode=disable";

    /** As {@code db_2}: a slot's name has no hyphens. */
    static String slot(String server) {
        return server.replace('-', '_');
    }

    /** The server that a slot is for; empty when it is none of Banyan's. */
    static Optional<String> server(String slot) {
        return slot.matches("db_\\d{1,9}") ? Optional.of(slot.replace('_', '-')) : Optional.empty();
    }

    /** To log in by, for base backups; the role is made or given its password where needed. */
    DatabaseEndpoint login(RunningPostgres primary) {
        SecretFile file = SecretFile.of(home, "postgresql-" + ROLE);
        Optional<Secret> kept = file.read();
        boolean there = !primary.ask("SELECT 1 FROM pg_roles WHERE rolname = '" + ROLE + "'", PATIENCE).getFirst().rows().isEmpty();
        Secret password = kept.orElseGet(file::create);
        if (!there || kept.isEmpty()) {
            // A statement may show in the server's log: the verifier in it is no password. It waits for no standby: there may be none.
            primary.ask("SET LOCAL synchronous_commit = local; " + (there ? "ALTER" : "CREATE") + " ROLE " + ROLE + " LOGIN REPLICATION PASSWORD '" + ScramLogin.verifier(password.reveal()) + "'", PATIENCE);
        }
        return new DatabaseEndpoint(primary.endpoint().address(), ROLE, password, "postgres", Map.of());
    }

    /** What a standby's settings say of its primary. */
    ReplicationConf.Source source(ServerFolder standby, RunningPostgres primary) {
        String file = standby.passwords().toString().replace("\\", "\\\\").replace("'", "\\'");
        return new ReplicationConf.Source(primary.name(), CONNECTION.formatted(primary.endpoint().address().port(), file, standby.name()), slot(standby.name()));
    }

    /** The password, where a standby looks for it: not among its settings, which are copied with the data. */
    void writePassword(ServerFolder standby) throws IOException {
        Optional<Secret> password = SecretFile.of(home, "postgresql-" + ROLE).read();
        if (password.isPresent()) {
            AtomicFile.write(standby.passwords(), "127.0.0.1:*:*:" + ROLE + ":" + password.get().reveal() + "\n");
            runAs.own(standby.passwords());
        }
    }

    /** A slot that keeps all from now on. One that is there already and not used is made anew: it may have been lost. */
    void freshSlot(RunningPostgres primary, String standby) {
        dropSlot(primary, standby);
        primary.ask("SELECT pg_create_physical_replication_slot('" + slot(standby) + "', true)", PATIENCE);
    }

    /** A slot that keeps all from now on, or the one that is there and has kept its promise. */
    void slot(RunningPostgres primary, String standby) {
        String name = slot(standby);
        primary.ask("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '" + name + "' AND wal_status = 'lost' AND NOT active; "
                + "SELECT pg_create_physical_replication_slot('" + name + "', true) WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '"
                + name + "')", PATIENCE);
    }

    /** Drops a standby's slot; what still streams by it is cut off. */
    void dropSlot(RunningPostgres primary, String standby) {
        String name = slot(standby);
        String cut = "SELECT pg_terminate_backend(active_pid, 5000) FROM pg_replication_slots WHERE slot_name = '" + name + "' AND active_pid IS NOT NULL";
        String drop = "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '" + name + "'";
        try {
            primary.ask(cut + "; " + drop, PATIENCE);
        } catch (BanyanException e) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, "the slot " + name + ", by which " + primary.name() + " keeps its log for " + standby
                    + ", cannot be dropped: " + e.getMessage(), e);
        }
    }
}
