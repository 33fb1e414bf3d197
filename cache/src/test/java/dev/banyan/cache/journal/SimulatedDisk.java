package dev.banyan.cache.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * A disk that fails when it is told to, at random: writes that end half way, forces that fail and after which the system calls pages clean that are
 * not on disk, no room; and crashes, after which of what was not forced some sectors are there and some are not, and some names.
 */
final class SimulatedDisk implements Disk {
    private static final int SECTOR = 512;

    private final RandomGenerator random;
    private final Map<Integer, Bytes> files = new HashMap<>();
    private final TreeMap<String, Integer> names = new TreeMap<>();
    private TreeMap<String, Integer> namesOnDisk = new TreeMap<>();
    private int nextFile;
    /** How often a call fails, 0 to 1. */
    double failing;
    /** Bytes there may be. */
    long room = Long.MAX_VALUE;
    /** Calls until the machine crashes in the middle of one; negative is never. */
    int crashAfter = -1;

    SimulatedDisk(RandomGenerator random) {
        this.random = random;
    }

    /** The machine is off. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1;

        Crash() {
            super("crash", null, false, false);
        }
    }

    /** As the system sees it, and as the disk has it; sectors that are dirty are neither or both. */
    private static final class Bytes {
        byte[] seen = new byte[0];
        byte[] onDisk = new byte[0];
        final TreeSet<Integer> dirty = new TreeSet<>();

        void length(int length) {
            seen = Arrays.copyOf(seen, length);
        }

        void persist(int sector) {
            int from = sector * SECTOR;
            int to = Math.min(seen.length, from + SECTOR);
            if (onDisk.length < to) {
                onDisk = Arrays.copyOf(onDisk, to);
            }
            if (to > from) {
                System.arraycopy(seen, from, onDisk, from, to - from);
            }
        }
    }

    private void call() throws IOException {
        if (crashAfter == 0) {
            throw new Crash();
        }
        crashAfter--;
        if (random.nextDouble() < failing) {
            throw new IOException("Input/output error");
        }
    }

    /** Off and on again: what was forced is there, of the rest as chance has it. */
    void restart() {
        crashAfter = -1;
        for (Bytes bytes : files.values()) {
            for (int sector : bytes.dirty) {
                if (random.nextBoolean()) {
                    bytes.persist(sector);
                }
            }
            bytes.dirty.clear();
            bytes.seen = bytes.onDisk.clone();
        }
        for (String name : new TreeSet<>(names.keySet())) {
            if (!namesOnDisk.containsKey(name) && random.nextBoolean()) {
                namesOnDisk.put(name, names.get(name));
            }
        }
        for (String name : new TreeSet<>(namesOnDisk.keySet())) {
            if (!names.containsKey(name) && random.nextBoolean()) {
                namesOnDisk.remove(name);
            }
        }
        names.clear();
        names.putAll(namesOnDisk);
        namesOnDisk = new TreeMap<>(names);
    }

    private Bytes of(String name) throws IOException {
        Integer file = names.get(name);
        if (file == null) {
            throw new NoSuchFileException(name);
        }
        return files.get(file);
    }

    /** For a test that damages it. */
    void overwrite(String name, byte[] bytes) {
        Bytes file = new Bytes();
        file.seen = bytes.clone();
        file.onDisk = bytes.clone();
        files.put(nextFile, file);
        names.put(name, nextFile);
        namesOnDisk.put(name, nextFile++);
    }

    @Override
    public List<String> names() {
        return List.copyOf(names.keySet());
    }

    @Override
    public byte[] read(String name) throws IOException {
        return of(name).seen.clone();
    }

    @Override
    public Writing create(String name) throws IOException {
        call();
        Bytes bytes = new Bytes();
        files.put(nextFile, bytes);
        names.put(name, nextFile++);
        return new Open(bytes);
    }

    @Override
    public void truncate(String name, long length) throws IOException {
        call();
        Bytes bytes = of(name);
        bytes.length((int) length);
        bytes.dirty.removeIf(sector -> sector * SECTOR >= length);
        bytes.dirty.forEach(bytes::persist);
        bytes.dirty.clear();
        bytes.onDisk = Arrays.copyOf(bytes.onDisk, (int) length);
    }

    @Override
    public void delete(String name) throws IOException {
        call();
        names.remove(name);
    }

    @Override
    public void forceNames() throws IOException {
        call();
        namesOnDisk = new TreeMap<>(names);
    }

    private long used() {
        return names.values().stream().mapToLong(file -> files.get(file).seen.length).sum();
    }

    @Override
    public String toString() {
        return "the simulated disk";
    }

    @Override
    public void close() {}

    private final class Open implements Writing {
        private final Bytes file;

        Open(Bytes file) {
            this.file = file;
        }

        @Override
        public void write(long position, ByteBuffer bytes) throws IOException {
            IOException failure = null;
            try {
                call();
            } catch (IOException e) {
                failure = e;
            }
            int length = bytes.remaining();
            if (position + length > file.seen.length && used() + length > room) {
                failure = new IOException("No space left on device");
            }
            int written = failure == null ? length : random.nextInt(length + 1);
            if (position + written > file.seen.length) {
                file.length((int) position + written);
            }
            bytes.get(file.seen, (int) position, written);
            for (int sector = (int) position / SECTOR; sector * SECTOR < position + written; sector++) {
                file.dirty.add(sector);
            }
            if (failure != null) {
                throw failure;
            }
        }

        /** One that fails has some sectors on disk, and forgets the others: the next one will not put them there. */
        @Override
        public void force() throws IOException {
            try {
                call();
            } catch (IOException e) {
                for (int sector : file.dirty) {
                    if (random.nextBoolean()) {
                        file.persist(sector);
                    }
                }
                file.dirty.clear();
                throw e;
            }
            file.dirty.forEach(file::persist);
            file.dirty.clear();
            if (file.onDisk.length < file.seen.length) {
                file.onDisk = Arrays.copyOf(file.onDisk, file.seen.length);
            }
        }

        @Override
        public void close() {}
    }
}
