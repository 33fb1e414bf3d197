package dev.banyan.bench.postgres;

import dev.banyan.engines.DatabaseEndpoint;
import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What stands beside Banyan's router, before the same server, each asking its clients for a SCRAM password as the server does. */
public final class Poolers {
    private final Path folder;
    private final DatabaseEndpoint server;

    /** @param server its database and user, which are the clients' too */
    public Poolers(Path folder, DatabaseEndpoint server) {
        this.folder = folder;
        this.server = server;
    }

    /**
     * PgBouncer, with its defaults for everything that is not said here. Users that it was not told of it looks up at the server, as far as this
     * one's user may read there.
     *
     * @param mode transaction, session or statement
     * @param pool server connections at most
     */
    public List<String> pgbouncer(int port, String mode, int pool) throws IOException {
        Path place = Files.createDirectories(folder.resolve("pgbouncer-" + mode));
        Path users = place.resolve("users.txt");
        Files.writeString(users, "\"%s\" \"%s\"\n".formatted(server.user(), server.password().reveal()));
        Path file = place.resolve("pgbouncer.ini");
        Files.writeString(file, """
                [databases]
                * = host=%1$s port=%2$d
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %3$d
                unix_socket_dir =
                auth_type = scram-sha-256
                auth_file = %4$s
                auth_user = %7$s
                pool_mode = %5$s
                default_pool_size = %6$d
                max_client_conn = 1000
                ignore_startup_parameters = extra_float_digits
                log_connections = 0
                log_disconnections = 0
                """.formatted(server.address().host(), server.address().port(), port, users, mode, pool, server.user()));
        List<String> command = new ArrayList<>(List.of("pgbouncer"));
        if (new UnixSystem().getUid() == 0) {
            command.addAll(List.of("-u", "nobody")); // it refuses to be root
        }
        command.add(file.toString());
        return command;
    }

    /**
     * Pgpool-II: a process for each of up to 40 clients, with a server connection that it keeps. It reads statements as it does to split reads from
     * writes (streaming replication mode, load balancing on), with one server to send them to; its checks and its cache are off.
     */
    public List<String> pgpool(int port, int controlPort) throws IOException {
        Path place = Files.createDirectories(folder.resolve("pgpool"));
        Files.writeString(place.resolve("pool_passwd"), "%s:TEXT%s\n".formatted(server.user(), server.password().reveal()));
        Files.writeString(place.resolve("pool_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
        Files.writeString(place.resolve("pcp.conf"), "");
        Path file = place.resolve("pgpool.conf");
        Files.writeString(file, """
                backend_clustering_mode = 'streaming_replication'
                listen_addresses = '127.0.0.1'
                port = %1$d
                pcp_port = %2$d
                unix_socket_directories = '%3$s'
                pcp_socket_dir = '%3$s'
                pid_file_name = '%3$s/pid'
                logdir = '%3$s'
                work_dir = '%3$s'
                backend_hostname0 = '%4$s'
                backend_port0 = %5$d
                backend_weight0 = 1
                backend_flag0 = 'ALWAYS_PRIMARY|DISALLOW_TO_FAILOVER'
                enable_pool_hba = on
                pool_passwd = 'pool_passwd'
                num_init_children = 40
                max_pool = 1
                connection_cache = on
                load_balance_mode = on
                child_life_time = 0
                sr_check_period = 0
                health_check_period = 0
                memory_cache_enabled = off
                """.formatted(port, controlPort, place, server.address().host(), server.address().port()));
        return List.of("pgpool", "-n", "-f", file.toString(), "-a", place.resolve("pool_hba.conf").toString(), "-F", place.resolve("pcp.conf").toString());
    }
}
