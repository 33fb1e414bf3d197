package dev.banyan.postgres.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Names and values of a client's start-up packet.
 *
 * @param database the user's name where the client names none
 * @param settings run-time parameters, those of {@code options} too; names in lower case
 * @param unknownOptions protocol options ({@code _pq_.*}), none of which we know
 */
record StartupParameters(String user, String database, Map<String, String> settings, List<String> unknownOptions) {
    static final int MOST = 200;
    private static final String USER = "user";
    private static final String DATABASE = "database";
    private static final String OPTIONS = "options";
    private static final String REPLICATION = "replication";

    /** Reads all that is left; the last byte must be the terminator. */
    static StartupParameters read(ByteBuf body) throws Refused {
        Map<String, String> special = new HashMap<>();
        Map<String, String> settings = new HashMap<>();
        List<String> unknown = new ArrayList<>();
        int count = 0;
        for (String name = text(body); !name.isEmpty(); name = text(body)) {
            String value = text(body);
            if (++count > MOST) {
                throw new Refused(Refusal.TOO_MANY_PARAMETERS.fatal(MOST));
            }
            switch (name) {
                case USER, DATABASE, OPTIONS, REPLICATION -> {
                    // Who someone is must not depend on who reads it.
                    if (special.put(name, value) != null) {
                        throw new Refused(Refusal.TWICE.fatal(name));
                    }
                }
                case String option when option.startsWith("_pq_.") -> unknown.add(option);
                default -> settings.put(name.toLowerCase(Locale.ROOT), value); // the last one counts, as with PostgreSQL
            }
        }
        if (body.isReadable()) {
            throw new Refused(Refusal.BAD_LAYOUT.fatal("expected terminator as last byte"));
        }
        return of(special, settings, unknown);
    }

    private static StartupParameters of(Map<String, String> special, Map<String, String> settings, List<String> unknown) throws Refused {
        String user = special.getOrDefault(USER, "");
        if (user.isEmpty()) {
            throw new Refused(Refusal.NO_USER.fatal());
        }
        Map<String, String> all = StartupOptions.read(special.getOrDefault(OPTIONS, ""));
        all.putAll(settings); // PostgreSQL applies what stands in the packet after what stands in options
        String replication = special.getOrDefault(REPLICATION, "false");
        if (asksForReplication(replication)) {
            all.put(REPLICATION, replication);
        }
        String database = special.getOrDefault(DATABASE, "");
        return new StartupParameters(user, database.isEmpty() ? user : database, all, List.copyOf(unknown));
    }

    /** The words are those of PostgreSQL's parse_bool, of which any beginning counts that only one word has. */
    private static boolean asksForReplication(String value) throws Refused {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "false", "fals", "fal", "fa", "f", "no", "n", "off", "of", "0" -> false;
            case "true", "tru", "tr", "t", "yes", "ye", "y", "on", "1", DATABASE -> true;
            default -> throw new Refused(Refusal.BAD_REPLICATION.fatal(value));
        };
    }

    private static String text(ByteBuf body) throws Refused {
        int length = body.bytesBefore((byte) 0);
        if (length < 0) {
            throw new Refused(Refusal.BAD_LAYOUT.fatal("a text has no end"));
        }
        byte[] bytes = new byte[length];
        body.readBytes(bytes).skipBytes(1);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new Refused(Refusal.NOT_UTF8.fatal());
        }
    }
}
