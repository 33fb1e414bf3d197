package dev.banyan.engines;

import dev.banyan.topology.HostPort;
import dev.banyan.topology.Secret;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a node of the cache says of itself ({@code INFO}).
 *
 * @param memory that its data take, in bytes
 * @param mostMemory that they may take; 0 is without a bound
 * @param keys of all its databases
 * @param commands since its start
 * @param hits reads of keys that were there, since its start
 * @param misses reads of keys that were not
 * @param evicted keys given up for want of memory
 */
public record RedisFigures(long memory, long mostMemory, long keys, long commands, long hits, long misses, long evicted) {
    private static final int MOST_BYTES = 1 << 20;

    /** Asks it on a connection of its own; empty when it does not answer in time. */
    static Optional<RedisFigures> of(HostPort address, Secret password, Duration timeout) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout((int) timeout.toMillis());
            socket.connect(new InetSocketAddress(address.host(), address.port()), (int) timeout.toMillis());
            socket.getOutputStream().write(("AUTH " + password.reveal() + "\r\nINFO everything\r\n").getBytes(StandardCharsets.US_ASCII));
            InputStream in = new BufferedInputStream(socket.getInputStream());
            if (!line(in).equals("+OK")) {
                return Optional.empty();
            }
            String head = line(in);
            int length = head.matches("\\$[0-9]{1,7}") ? Integer.parseInt(head.substring(1)) : 0;
            return length == 0 || length > MOST_BYTES ? Optional.empty() : Optional.of(read(new String(in.readNBytes(length), StandardCharsets.US_ASCII)));
        } catch (IOException noAnswer) {
            return Optional.empty();
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int each = in.read(); each >= 0 && each != '\n' && line.length() < MOST_BYTES; each = in.read()) {
            line.append((char) each);
        }
        return line.toString().stripTrailing();
    }

    /** Lines of {@code name:value}, and of {@code db0:keys=3,expires=1,...}. */
    static RedisFigures read(String info) {
        Map<String, String> fields = new HashMap<>();
        info.lines().filter(line -> line.contains(":")).forEach(line -> fields.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1).strip()));
        long keys = fields.entrySet().stream().filter(field -> field.getKey().matches("db[0-9]+"))
                .mapToLong(field -> number(field.getValue().replaceFirst("^keys=([0-9]+),.*", "$1"))).sum();
        return new RedisFigures(number(fields.get("used_memory")), number(fields.get("maxmemory")), keys, number(fields.get("total_commands_processed")),
                number(fields.get("keyspace_hits")), number(fields.get("keyspace_misses")), number(fields.get("evicted_keys")));
    }

    private static long number(String text) {
        return text != null && text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }
}
