package dev.banyan.engines;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Secret;
import dev.banyan.topology.SiteName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A PostgreSQL data folder with the application's database in it: made once, in a folder beside that is renamed when it is whole, so that
 * a crash at any point leaves either nothing or a database that works.
 *
 * @param folder the data folder
 * @param name the application's database and role: the site's name at the first start, whatever the site is called now
 */
record PostgresData(Path folder, String name, Secret password, Secret adminPassword) {
    /** An underscore cannot be in a site's name. */
    static final String ADMIN = "banyan_admin";
    private static final String NAME_FILE = "banyan.name";
    /** Databases and roles that PostgreSQL has already, or does not let one have. */
    private static final Set<String> TAKEN = Set.of("postgres", "template0", "template1", "public", "none");

    /** What making one needs. */
    record Workshop(StateFolder home, PostgresBinaries binaries, RunAs runAs, Tool tool) {}

    /** Opens the folder in the node's folder, made when absent. */
    static PostgresData open(Workshop shop, Path node, SiteName site) {
        Path folder = node.resolve("data");
        try {
            if (Files.exists(folder)) {
                checkMajor(folder, shop.binaries());
                return opened(shop, folder);
            }
            return made(shop, folder, site);
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "the database's folder " + folder + " cannot be made: " + Reason.of(e), e);
        }
    }

    private static void checkMajor(Path folder, PostgresBinaries binaries) throws IOException {
        String major = Files.readString(folder.resolve("PG_VERSION")).strip();
        if (!major.equals(binaries.major())) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, "the data in " + folder + " was written by PostgreSQL " + major + " and this Banyan brings "
                    + binaries.version() + ", which cannot read it; dump it with PostgreSQL " + major + " and restore it here, or move the folder away to begin anew");
        }
    }

    private static PostgresData made(Workshop shop, Path folder, SiteName site) throws IOException {
        Path unfinished = folder.resolveSibling("data.unfinished");
        PostgresBinaries.deleteTree(unfinished);
        shop.tool().run("initdb", shop.runAs().command(initdb(shop, unfinished)), "");
        String name = TAKEN.contains(site.value()) ? site.value() + "_site" : site.value();
        PostgresData data = new PostgresData(unfinished, name, secret(shop, name), secret(shop, ADMIN));
        data.singleUser(shop, List.of(
                "ALTER ROLE " + ADMIN + " PASSWORD '" + data.adminPassword().reveal() + "'",
                "CREATE ROLE \"" + name + "\" LOGIN PASSWORD '" + data.password().reveal() + "'",
                "CREATE DATABASE \"" + name + "\" OWNER \"" + name + "\""));
        Files.writeString(unfinished.resolve("postgresql.conf"), PostgresConf.INCLUDE, StandardOpenOption.APPEND);
        AtomicFile.write(unfinished.resolve("pg_hba.conf"), PostgresConf.HBA);
        AtomicFile.write(unfinished.resolve(NAME_FILE), name + "\n");
        shop.runAs().own(unfinished);
        Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        return new PostgresData(folder, name, data.password(), data.adminPassword());
    }

    private static List<String> initdb(Workshop shop, Path into) {
        return List.of(shop.binaries().program("initdb"), "--pgdata=" + into, "--username=" + ADMIN, "--auth=reject", "--data-checksums",
                "--sync-method=" + PostgresConf.SYNC_METHOD,
                // PostgreSQL's own sort order, the same on every system and after every upgrade of the system's C library.
                "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8");
    }

    /** A password that was deleted is replaced, here and in the database. */
    private static PostgresData opened(Workshop shop, Path folder) throws IOException {
        String name = Files.readString(folder.resolve(NAME_FILE)).strip();
        List<String> anew = new ArrayList<>();
        Secret password = opened(shop, name, anew);
        Secret adminPassword = opened(shop, ADMIN, anew);
        PostgresData data = new PostgresData(folder, name, password, adminPassword);
        if (!anew.isEmpty() && Files.exists(folder.resolve("standby.signal"))) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, "a password in " + shop.home().secrets() + " was deleted, and the standby in " + folder
                    + " gets another from its primary only; start the primary first");
        }
        if (!anew.isEmpty()) {
            new PostmasterFile(folder).clearStale(ProcessTable.ofThisMachine());
            data.singleUser(shop, anew);
        }
        return data;
    }

    private static Secret opened(Workshop shop, String role, List<String> anew) {
        Optional<Secret> kept = SecretFile.of(shop.home(), "postgresql-" + role).read();
        Secret password = kept.orElseGet(() -> secret(shop, role));
        if (kept.isEmpty()) {
            anew.add("ALTER ROLE \"" + role + "\" PASSWORD '" + password.reveal() + "'");
        }
        return password;
    }

    private static Secret secret(Workshop shop, String role) {
        SecretFile file = SecretFile.of(shop.home(), "postgresql-" + role);
        return file.read().orElseGet(file::create);
    }

    /** Without a server: nobody else can be connected, and no password travels or shows in a process list. A line is a statement. */
    private void singleUser(Workshop shop, List<String> statements) {
        List<String> command = List.of(shop.binaries().program("postgres"), "--single", "-D", folder.toString(),
                // There is nobody whom a commit could wait for.
                "-c", "synchronous_standby_names=", "-c", "exit_on_error=true", "-c", "log_min_error_statement=panic", "-c", "log_checkpoints=off", "postgres");
        shop.tool().run("postgres --single", shop.runAs().command(command), String.join("\n", statements) + "\n");
    }
}
