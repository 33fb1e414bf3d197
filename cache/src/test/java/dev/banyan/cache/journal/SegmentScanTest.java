package dev.banyan.cache.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** A journal whose only segment is cut at every byte, and has every bit of it turned: what was acknowledged is read, or damage is told. */
class SegmentScanTest {
    private static final UUID ID = new UUID(1, 2);
    private static final int SIZE = 4_096;

    private record Written(byte[] bytes, List<Integer> ends, List<RowWrite> writes) {}

    /** Five groups of 1, 2, 3, 1, 2 writes; the ends of groups are those of the bytes on disk. */
    private static Written written(boolean sealed) throws IOException {
        SimulatedDisk disk = new SimulatedDisk(Loops.random(1));
        SegmentLog log = SegmentLog.open(disk, ID, SIZE).log();
        List<RowWrite> writes = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        int end = SegmentFormat.HEADER;
        for (int size : new int[] {1, 2, 3, 1, 2}) {
            List<byte[]> group = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                writes.add(switch (writes.size() % 3) {
                    case 0 -> Writes.put("t", writes.size(), "name", writes.size() % 2 == 0 ? null : "x".repeat(writes.size()));
                    case 1 -> Writes.add("t", writes.size(), "n", -7);
                    default -> Writes.delete("t", writes.size());
                });
                group.add(WriteCodec.encode(writes.getLast()));
            }
            log.append(group, 0, 5);
            end += SegmentFormat.size(group);
            ends.add(end);
        }
        if (sealed) {
            log.seal(0, 5, false);
        }
        return new Written(disk.read(disk.names().getFirst()), ends, writes);
    }

    private static List<RowWrite> recovered(byte[] bytes) throws IOException {
        SimulatedDisk disk = new SimulatedDisk(Loops.random(2));
        disk.overwrite("0000000000000001.segment", bytes);
        SegmentLog log = SegmentLog.open(disk, ID, SIZE).log();
        List<RowWrite> read = new ArrayList<>();
        log.read(0, Long.MAX_VALUE, write -> read.add(write.write()));
        // What was cut stays cut, and the next write has the next number.
        assertThat(log.append(List.of(WriteCodec.encode(Writes.delete("t", 99))), 0, 6)).isEqualTo(read.size() + 1);
        disk.restart();
        assertThat(SegmentLog.open(disk, ID, SIZE).log().next()).isEqualTo(read.size() + 2);
        return read;
    }

    @Test
    void cutAnywhere_theWholeGroupsBeforeTheCutAreThere() throws IOException {
        Written written = written(false);
        int[] sizes = {1, 3, 6, 7, 9};
        for (int length = 0; length <= written.ends.getLast() + 100; length++) {
            byte[] cut = Arrays.copyOf(written.bytes, length);
            assertThat(recovered(cut)).as("cut at %d", length).isEqualTo(wholeIn(cut, written, sizes));
            byte[] zeros = Arrays.copyOf(cut, SIZE);
            assertThat(recovered(zeros)).as("zeros from %d", length).isEqualTo(wholeIn(zeros, written, sizes));
        }
    }

    private static List<RowWrite> wholeIn(byte[] bytes, Written written, int[] sizes) {
        int different = Arrays.mismatch(bytes, written.bytes);
        int whole = (int) written.ends.stream().filter(end -> different < 0 || end <= different).count();
        return written.writes.subList(0, whole == 0 ? 0 : sizes[whole - 1]);
    }

    @Test
    void anyBitTurned_isToldWithFileAndOffset_orChangesNothingThatWasAcknowledged() throws IOException {
        Written written = written(true);
        int seal = written.ends.getLast() + SegmentFormat.GROUP_HEADER;
        int told = 0;
        for (int at = 0; at < SIZE; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] bytes = written.bytes.clone();
                bytes[at] ^= (byte) (1 << bit);
                try {
                    assertThat(recovered(bytes)).as("bit %d of byte %d", bit, at).isEqualTo(written.writes);
                    assertThat(at).as("a turned bit that was not told").isGreaterThanOrEqualTo(written.ends.getLast());
                } catch (BanyanException damage) {
                    assertThat(damage).hasMessageContaining("0000000000000001.segment").hasMessageContaining("damaged at byte ").hasMessageContaining("put the file back");
                    told++;
                }
            }
        }
        assertThat(told).isEqualTo(8 * written.ends.getLast());
        assertThat(seal).isLessThan(SIZE);
    }

    @Test
    void withoutASeal_onlyTheLastGroupCannotBeToldFromATornOne() throws IOException {
        Written written = written(false);
        int lastBegins = written.ends.get(written.ends.size() - 2);
        for (int at = 0; at < written.ends.getLast(); at++) {
            byte[] bytes = written.bytes.clone();
            bytes[at] ^= 0x10;
            try {
                assertThat(recovered(bytes)).isEqualTo(written.writes.subList(0, 7));
                assertThat(at).isGreaterThanOrEqualTo(lastBegins);
            } catch (BanyanException damage) {
                assertThat(at).isLessThan(lastBegins);
            }
        }
    }

    @Test
    void aVersionToComeIsNotTakenForDamage() throws IOException {
        byte[] header = SegmentFormat.header(new SegmentFormat.Header(ID, 1, 1, 0)).array();
        header[11] = 2;
        CRC32C crc = new CRC32C();
        crc.update(header, 0, SegmentFormat.HEADER - 4);
        ByteBuffer.wrap(header).putInt(SegmentFormat.HEADER - 4, (int) crc.getValue());
        SimulatedDisk disk = new SimulatedDisk(Loops.random(2));
        disk.overwrite("0000000000000001.segment", header);
        assertThatThrownBy(() -> SegmentLog.open(disk, ID, SIZE)).isInstanceOf(BanyanException.class)
                .hasMessageContaining("version 2").hasMessageContaining("start the newer Banyan");
    }
}
