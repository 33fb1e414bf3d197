package dev.banyan.engines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What changes while a server runs: {@code banyan.replication.conf} in its data folder, included by banyan.conf, kept from start to start.
 *
 * @param source whom a standby follows
 * @param synchronous {@code synchronous_standby_names}; empty when commits wait for nobody
 */
record ReplicationConf(Optional<Source> source, String synchronous) {
    static final String FILE = "banyan.replication.conf";
    static final ReplicationConf ALONE = new ReplicationConf(Optional.empty(), "");
    /** A parameter of Banyan's own: PostgreSQL takes any name with a dot. */
    private static final String SERVER = "banyan.follows";
    private static final Pattern SETTING = Pattern.compile("(?m)^([\\w.]+) = '((?:[^']|'')*)'$");

    /**
     * A standby's source.
     *
     * @param server its name, as {@code db-1}
     * @param connection libpq's connection string to it, without a password
     * @param slot by which it keeps its log for the standby
     */
    record Source(String server, String connection, String slot) {}

    /** What the data folder's file says; alone when there is none. */
    static ReplicationConf read(Path data) throws IOException {
        Path file = data.resolve(FILE);
        String server = "";
        String connection = "";
        String slot = "";
        String synchronous = "";
        Matcher settings = SETTING.matcher(Files.exists(file) ? Files.readString(file) : "");
        while (settings.find()) {
            String value = settings.group(2).replace("''", "'");
            switch (settings.group(1)) {
                case SERVER -> server = value;
                case "primary_conninfo" -> connection = value;
                case "primary_slot_name" -> slot = value;
                case "synchronous_standby_names" -> synchronous = value;
                default -> { /* none of ours */ }
            }
        }
        return new ReplicationConf(connection.isEmpty() ? Optional.empty() : Optional.of(new Source(server, connection, slot)), synchronous);
    }

    ReplicationConf from(Source other) {
        return new ReplicationConf(Optional.of(other), synchronous);
    }

    ReplicationConf fromNone() {
        return new ReplicationConf(Optional.empty(), synchronous);
    }

    ReplicationConf synchronousWith(String names) {
        return new ReplicationConf(source, names);
    }

    void write(Path data, RunAs runAs) throws IOException {
        Path file = data.resolve(FILE);
        AtomicFile.write(file, text());
        runAs.own(file);
    }

    private String text() {
        List<String> lines = new ArrayList<>(List.of("# Written by Banyan whenever it changes: changes here are lost."));
        source.ifPresent(from -> {
            lines.add(setting(SERVER, from.server()));
            lines.add(setting("primary_conninfo", from.connection()));
            lines.add(setting("primary_slot_name", from.slot()));
        });
        lines.add(setting("synchronous_standby_names", synchronous));
        return String.join("\n", lines) + "\n";
    }

    private static String setting(String name, String value) {
        return name + " = '" + value.replace("'", "''") + "'";
    }
}
