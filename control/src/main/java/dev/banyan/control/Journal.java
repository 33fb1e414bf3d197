package dev.banyan.control;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the site did, one JSON line an entry, on the disk before the entry counts. Opening it reads what the runs before left, forgets all
 * but the last commitment, and begins anew; so it does not grow with the years. A last line that was not written whole is as if it had
 * never been begun. Thread-safe; the site's hold on its folder keeps other processes away.
 */
public final class Journal implements AutoCloseable {
    private final Path file;
    private final Remembered remembered;
    /** Not a channel: an interrupt would close that. */
    private final FileOutputStream out;

    private Journal(Path file, Remembered remembered, FileOutputStream out) {
        this.file = file;
        this.remembered = remembered;
        this.out = out;
    }

    /**
     * Opens the journal in a site's state folder.
     *
     * @throws BanyanException DISK when it cannot be read or written, or a line in its middle is damaged
     */
    public static Journal open(Path stateFolder) {
        Path file = stateFolder.resolve("journal");
        try {
            Files.createDirectories(stateFolder);
            Remembered remembered = remembered(read(file));
            begin(file, remembered);
            return new Journal(file, remembered, new FileOutputStream(file.toFile(), true));
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot open the journal " + file + ": " + e.getMessage(), e);
        }
    }

    /** What the runs before this one left. */
    Remembered remembered() {
        return remembered;
    }

    /** Puts an entry on the disk; when this returns, it survives the loss of power. */
    synchronized void append(JournalEntry entry) {
        try {
            write(out, entry);
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot write the journal " + file + ": " + e.getMessage() + "; is the disk full?", e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot close the journal " + file + ": " + e.getMessage(), e);
        }
    }

    /** The entries that were written whole. */
    static List<JournalEntry> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        String text = Files.readString(file, StandardCharsets.UTF_8);
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        List<JournalEntry> entries = new ArrayList<>();
        int number = 0;
        for (String line : whole.lines().toList()) {
            entries.add(JournalLine.parse(line, file + " line " + ++number));
        }
        return entries;
    }

    /** Replays entries to what they leave behind. Pure. */
    static Remembered remembered(List<JournalEntry> entries) {
        Remembered so = Remembered.NOTHING;
        for (JournalEntry entry : entries) {
            so = after(so, entry);
        }
        return so;
    }

    private static Remembered after(Remembered so, JournalEntry entry) {
        return switch (entry) {
            case JournalEntry.Begun begun ->
                    new Remembered(so.last(), Optional.of(new Remembered.CutShort(begun.title(), begun.steps(), 0, false)));
            case JournalEntry.Doing _, JournalEntry.Undone _ -> so;
            case JournalEntry.Done _ -> new Remembered(so.last(), so.cutShort().map(cut ->
                    new Remembered.CutShort(cut.title(), cut.steps(), cut.done() + 1, cut.committed())));
            case JournalEntry.Committed committed -> new Remembered(Optional.of(committed.commitment()), so.cutShort().map(cut ->
                    new Remembered.CutShort(cut.title(), cut.steps(), cut.done() + 1, true)));
            case JournalEntry.Over _ -> new Remembered(so.last(), Optional.empty());
        };
    }

    private static void begin(Path file, Remembered remembered) throws IOException {
        Path next = file.resolveSibling("journal.new");
        try (FileOutputStream fresh = new FileOutputStream(next.toFile())) {
            if (remembered.last().isPresent()) {
                write(fresh, new JournalEntry.Committed(0, remembered.last().get()));
            }
            fresh.getFD().sync();
        }
        Files.move(next, file, ATOMIC_MOVE, REPLACE_EXISTING);
    }

    private static void write(FileOutputStream to, JournalEntry entry) throws IOException {
        to.write((JournalLine.of(entry) + "\n").getBytes(StandardCharsets.UTF_8));
        to.getFD().sync();
    }
}
