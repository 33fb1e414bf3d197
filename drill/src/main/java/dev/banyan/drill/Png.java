package dev.banyan.drill;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/** Small pictures to upload, each different: two colours that run into each other, as PNG (W3C, Portable Network Graphics, third edition). */
final class Png {
    private static final long SIGNATURE = 0x89504E470D0A1A0AL;
    private static final int SIDE = 160;

    private Png() {}

    static byte[] random(RandomGenerator random) {
        int from = random.nextInt(1 << 24);
        int to = random.nextInt(1 << 24);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(file)) {
            out.writeLong(SIGNATURE);
            chunk(out, "IHDR", header());
            chunk(out, "IDAT", pixels(from, to));
            chunk(out, "IEND", new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }

    /** Eight bits a sample, RGB, not interlaced. */
    private static byte[] header() {
        return new byte[] {0, 0, 0, (byte) SIDE, 0, 0, 0, (byte) SIDE, 8, 2, 0, 0, 0};
    }

    private static byte[] pixels(int from, int to) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) {
            for (int y = 0; y < SIDE; y++) {
                out.write(0);
                for (int x = 0; x < SIDE; x++) {
                    for (int shift = 16; shift >= 0; shift -= 8) {
                        out.write(between(from >> shift & 255, to >> shift & 255, x + y));
                    }
                }
            }
        }
        return packed.toByteArray();
    }

    private static int between(int from, int to, int step) {
        return from + (to - from) * step / (2 * SIDE);
    }

    private static void chunk(DataOutputStream out, String name, byte[] data) throws IOException {
        byte[] type = name.getBytes(StandardCharsets.US_ASCII);
        CRC32 check = new CRC32();
        check.update(type);
        check.update(data);
        out.writeInt(data.length);
        out.write(type);
        out.write(data);
        out.writeInt((int) check.getValue());
    }
}
