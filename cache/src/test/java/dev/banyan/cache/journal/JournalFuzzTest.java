package dev.banyan.cache.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.banyan.net.Loops;
import dev.banyan.topology.BanyanException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/** Any bytes as a segment, and as a write. */
class JournalFuzzTest {
    /** Read, or told to be damaged; and what is read is read again after it was opened once, which cuts the end. */
    @FuzzTest(maxDuration = "2m")
    void segment(byte[] bytes) throws IOException {
        read(bytes);
        read(withChecksums(bytes));
    }

    private static void read(byte[] bytes) throws IOException {
        SimulatedDisk disk = new SimulatedDisk(Loops.random(1));
        disk.overwrite("0000000000000001.segment", bytes);
        List<Logged> first = new ArrayList<>();
        try {
            SegmentLog log = SegmentLog.open(disk, new UUID(0, 1), 1_024).log();
            log.read(0, Long.MAX_VALUE, first::add);
            for (int i = 1; i < first.size(); i++) {
                assertThat(first.get(i).sequence()).isEqualTo(first.get(i - 1).sequence() + 1);
            }
        } catch (BanyanException damage) {
            assertThat(damage).hasMessageContaining("0000000000000001.segment");
            return;
        }
        List<Logged> again = new ArrayList<>();
        SegmentLog.open(disk, new UUID(0, 1), 1_024).log().read(0, Long.MAX_VALUE, again::add);
        assertThat(again).isEqualTo(first);
    }

    /** A fuzzer does not find checksums: behind a good header each group's are put right, so that it meets what lies behind them. */
    private static byte[] withChecksums(byte[] bytes) {
        ByteBuffer out = ByteBuffer.allocate(SegmentFormat.HEADER + bytes.length);
        out.put(SegmentFormat.header(new SegmentFormat.Header(new UUID(0, 1), 1, 1, 0))).put(bytes);
        int offset = SegmentFormat.HEADER;
        while (offset <= out.limit() - SegmentFormat.GROUP_HEADER) {
            int length = Math.floorMod(out.getInt(offset + 4), Math.max(1, Math.min(256, out.limit() - offset - SegmentFormat.GROUP_HEADER + 1)));
            out.putInt(offset, 0x424a4731).putInt(offset + 4, length).putInt(offset + 12, crc(out, offset + SegmentFormat.GROUP_HEADER, length)).putInt(offset + 40, offset);
            out.putInt(offset + 44, crc(out, offset, SegmentFormat.GROUP_HEADER - 4));
            offset += SegmentFormat.GROUP_HEADER + length;
        }
        return out.array();
    }

    private static int crc(ByteBuffer in, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(in.array(), offset, length);
        return (int) crc.getValue();
    }

    /** A write, or none; and what is read is written as it was read. */
    @FuzzTest(maxDuration = "2m")
    void write(byte[] bytes) {
        RowWrite read;
        try {
            read = WriteCodec.decode(ByteBuffer.wrap(bytes));
        } catch (IllegalArgumentException none) {
            return;
        }
        assertThat(WriteCodec.decode(ByteBuffer.wrap(WriteCodec.encode(read)))).isEqualTo(read);
    }
}
