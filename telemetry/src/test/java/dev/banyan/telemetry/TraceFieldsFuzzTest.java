package dev.banyan.telemetry;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The fields of W3C Trace Context, which a stranger's bytes reach (docs/fuzzing.md): no exception, and the same whatever lies around the bytes. */
class TraceFieldsFuzzTest {
    private static final int AROUND = 3;
    private static final byte[] GOOD = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".getBytes(StandardCharsets.US_ASCII);

    /** What is read is what stands there; what is refused changes nothing that was read before. */
    @FuzzTest(maxDuration = "60s")
    void traceParent(byte[] bytes) {
        TraceParent read = new TraceParent();
        require(read.read(GOOD, 0, GOOD.length), "a good one is refused");
        String before = text(read);
        boolean whole = read.read(bytes, 0, bytes.length);
        TraceParent among = new TraceParent();
        require(whole == among.read(among(bytes), AROUND, AROUND + bytes.length), "what lies around it matters");
        if (!whole) {
            require(text(read).equals(before), "what was read before is lost");
            return;
        }
        require(text(read).equals(text(among)), "what lies around it matters");
        require(text(read).equals(new String(bytes, 3, 49, StandardCharsets.ISO_8859_1)), "it reads as another");
        require((read.traceHigh() | read.traceLow()) != 0 && read.parent() != 0, "an id of zeros");
        require(read.sampled() == ((Character.digit(bytes[54], 16) & 1) != 0) && read.random() == ((Character.digit(bytes[54], 16) & 2) != 0), "other flags");
    }

    /** A list of members or none; listed twice, it has twice as many. */
    @FuzzTest(maxDuration = "60s")
    void traceState(byte[] bytes) {
        int members = TraceState.members(bytes, 0, bytes.length);
        require(members >= -1 && members <= TraceState.MOST_MEMBERS, "an impossible number of members");
        require(members == TraceState.members(among(bytes), AROUND, AROUND + bytes.length), "what lies around it matters");
        byte[] twice = Arrays.copyOf(bytes, 2 * bytes.length + 1);
        twice[bytes.length] = ',';
        System.arraycopy(bytes, 0, twice, bytes.length + 1, bytes.length);
        int wanted = members < 0 || 2 * members > TraceState.MOST_MEMBERS ? -1 : 2 * members;
        require(TraceState.members(twice, 0, twice.length) == wanted, "listed twice, it is not twice as many");
    }

    private static String text(TraceParent read) {
        return "%016x%016x-%016x".formatted(read.traceHigh(), read.traceLow(), read.parent());
    }

    private static byte[] among(byte[] bytes) {
        byte[] among = new byte[bytes.length + 2 * AROUND];
        Arrays.fill(among, (byte) 'a');
        System.arraycopy(bytes, 0, among, AROUND, bytes.length);
        return among;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
