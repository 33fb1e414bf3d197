package dev.banyan.cache;

import dev.banyan.net.Clock;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A number for each declared prefix that goes up when all its entries become old at once; entries of another number count for nothing.
 * A new number is on disk before it counts, so that a restart cannot bring back what was given up; a prefix that is declared otherwise than
 * before begins with a new one. Safe for any thread.
 */
final class Generations implements AutoCloseable {
    /** Numbers that are taken from the file at a time; a restart without a proper end skips what is left of them, and loads the prefix anew. */
    private static final long RESERVED = 1_000;

    private final Path file;
    private final List<Rule> rules;
    private final AtomicLongArray numbers;
    /** What the file says of each: the number itself, or one that is not reached yet, so that not each raise is a write. */
    private final long[] stored;

    private Generations(Path file, List<Rule> rules, AtomicLongArray numbers) {
        this.file = file;
        this.rules = rules;
        this.numbers = numbers;
        this.stored = new long[rules.size()];
    }

    /** @throws BanyanException DISK when the folder cannot be read or written */
    static Generations open(Path folder, List<Rule> rules, Clock clock) {
        Path file = folder.resolve("generations");
        try {
            Files.createDirectories(folder);
            Map<String, Long> known = read(file);
            Generations all = new Generations(file, rules, new AtomicLongArray(rules.size()));
            for (Rule rule : rules) {
                Long number = known.get(name(rule));
                all.stored[rule.index()] = number == null ? clock.now().toEpochMilli() : number;
                all.numbers.set(rule.index(), all.stored[rule.index()]);
            }
            all.write();
            return all;
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /** A line that cannot be read is as none: its prefix begins anew. */
    private static Map<String, Long> read(Path file) throws IOException {
        Map<String, Long> known = new HashMap<>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                String[] words = line.split(" ", 2);
                if (words.length == 2 && words[0].matches("[0-9]{1,18}")) {
                    known.put(words[1], Long.parseLong(words[0]));
                }
            }
        }
        return known;
    }

    private static String name(Rule rule) {
        return Integer.toHexString(rule.fingerprint()) + " " + rule.prefix();
    }

    long of(Rule rule) {
        return numbers.get(rule.index());
    }

    /** Makes all entries of a prefix old. @throws BanyanException DISK when that cannot be written down: then nothing has changed */
    synchronized void raise(Rule rule) {
        long next = of(rule) + 1;
        if (next > stored[rule.index()]) {
            long before = stored[rule.index()];
            stored[rule.index()] = next + RESERVED;
            try {
                write();
            } catch (IOException e) {
                stored[rule.index()] = before;
                throw failed(file, e);
            }
        }
        numbers.set(rule.index(), next);
    }

    /** Writes down what the numbers are, so that the next start need not begin behind what was reserved. */
    @Override
    public synchronized void close() {
        rules.forEach(rule -> stored[rule.index()] = of(rule));
        try {
            write();
        } catch (IOException e) {
            // the file has numbers that are higher: the next start takes the entries for old
        }
    }

    private void write() throws IOException {
        StringBuilder text = new StringBuilder();
        rules.forEach(rule -> text.append(stored[rule.index()]).append(' ').append(name(rule)).append('\n'));
        Path next = file.resolveSibling("generations.new");
        Files.write(next, text.toString().getBytes(StandardCharsets.UTF_8));
        try (FileChannel written = FileChannel.open(next, StandardOpenOption.WRITE)) {
            written.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent())) {
            folder.force(true);
        }
    }

    private static BanyanException failed(Path file, IOException e) {
        return new BanyanException(ErrorCode.DISK, "the cache's generations cannot be kept in " + file + ": " + e + "; make the folder writable", e);
    }
}
