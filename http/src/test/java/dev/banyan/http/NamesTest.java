package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.http.wire.Cidrs;
import dev.banyan.http.wire.FieldEdits;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.Authority;
import dev.banyan.http.wire.ConnectionOptions;
import dev.banyan.http.wire.FieldName;
import dev.banyan.http.wire.Fields;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.HeadVerdict;
import dev.banyan.http.wire.ResponseHead;
import io.netty.util.NetUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The small grammars: hosts, address ranges, field names, trace ids, cookies, connection options. */
class NamesTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a:", "a:80", "a:99999", "127.0.0.1", "[::1]", "[::1]:80", "[1:2.3.4.5]", "a-b_c.d~e", "%41", "A.B"})
    void anAuthority(String text) {
        assertThat(Authority.valid(bytes("x" + text + "x"), 1, text.length() + 1)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", ":80", "a:100000", "a:b", "a:8 ", "a:80:80", "[", "[]", "[]:80", "[::1", "[::1]x", "[g]", "a[b]", "a]", "a b", "a/b", "a@b", "a,b", "a\"", "\u00e9", "a\\b"})
    void noAuthority(String text) {
        assertThat(Authority.valid(bytes("x" + text + "x"), 1, text.length() + 1)).isFalse();
    }

    @ParameterizedTest(name = "{0} has {1}: {2}")
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true", "10.0.0.0/8, 11.0.0.0, false", "10.0.0.0/9, 10.127.255.255, true", "10.0.0.0/9, 10.128.0.0, false",
        "0.0.0.0/0, 255.255.255.255, true", "0.0.0.0/0, ::1, false", "192.0.2.1, 192.0.2.1, true", "192.0.2.1/32, 192.0.2.0, false", "10.9.9.9/8, 10.1.1.1, true",
        "10.0.0.0/8, ::ffff:10.1.1.1, true", "fd00::/8, fdff::1, true", "fd00::/8, fe00::1, false", "::1, ::1, true", "::/0, 10.0.0.1, false", "10.0.0.0/8, unknown, false", "10.0.0.0/8, '', false"
    })
    void aRangeOfAddresses(String range, String address, boolean within) {
        assertThat(Cidrs.of(List.of("203.0.113.0/24", range)).contain(address)).isEqualTo(within);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "::/129", "10.0.0.0/-1", "x/8", "10.0.0/8x"})
    void noRangeOfAddresses(String text) {
        assertThatThrownBy(() -> Cidrs.of(List.of(text))).isInstanceOf(IllegalArgumentException.class);
    }

    /** Against whole numbers. */
    @Property
    void aRangeHoldsWhatSharesItsPrefix(@ForAll int base, @ForAll int address, @ForAll @IntRange(max = 32) int bits, @ForAll @IntRange(max = 32) int alike) {
        int near = alike == 32 ? base : base ^ (address >>> alike);
        boolean within = bits == 0 || (base >>> 32 - bits) == (near >>> 32 - bits);
        assertThat(Cidrs.of(List.of(NetUtil.intToIpAddress(base) + "/" + bits)).contain(NetUtil.intToIpAddress(near))).isEqualTo(within);
    }

    @ParameterizedTest
    @EnumSource(FieldName.class)
    void aFieldNameIsKnownInAnyCase_andItsImitationIsSeen(FieldName name) {
        if (name == FieldName.OTHER || name == FieldName.IMITATION) {
            return;
        }
        String text = name.name().replace('_', '-');
        assertThat(name(text)).isEqualTo(name);
        assertThat(name(text.toLowerCase(Locale.ROOT))).isEqualTo(name);
        assertThat(name(text + "x")).isEqualTo(FieldName.OTHER);
        assertThat(name(text.substring(1))).isNotEqualTo(name);
        if (text.contains("-")) {
            assertThat(name(text.replace('-', '_'))).isEqualTo(FieldName.IMITATION);
        }
    }

    private static FieldName name(String text) {
        return FieldName.of(bytes("xx" + text + "xx"), 2, text.length() + 2);
    }

    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @ParameterizedTest
    @CsvSource({"'', true", "x, false", "-x, false"})
    void aTraceParentOfVersion0_hasNothingAfterIt(String after, boolean good) {
        RequestId id = new RequestId();
        byte[] text = bytes(TRACE + after);
        assertThat(id.take(text, 0, text.length)).isEqualTo(good);
        if (good) {
            assertThat(id).hasToString(TRACE.substring(3, 35));
        }
    }

    @Test
    void aTraceParentWithOneWrongByteIsNone() {
        for (int i = 0; i < TRACE.length(); i++) {
            byte[] text = bytes(TRACE);
            text[i] = 'X';
            assertThat(new RequestId().take(text, 0, text.length)).as("byte %d", i).isFalse();
        }
        byte[] later = bytes("01" + TRACE.substring(2) + "-more");
        assertThat(new RequestId().take(later, 0, later.length)).as("a later version may say more").isTrue();
        byte[] zero = bytes("00-" + "0".repeat(32) + TRACE.substring(35));
        assertThat(new RequestId().take(zero, 0, zero.length)).isFalse();
        assertThat(new RequestId().take(bytes(TRACE), 0, TRACE.length() - 1)).isFalse();
    }

    /** W3C Trace Context: a version of ff and a parent id of zeros are invalid. */
    @ParameterizedTest
    @ValueSource(strings = {"ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"})
    void aTraceParentThatTheStandardForbidsIsNone(String text) {
        assertThat(new RequestId().take(bytes(text), 0, text.length())).isFalse();
    }

    @Test
    void drawnIdsDiffer_andAreHexadecimal() {
        SplittableRandom random = new SplittableRandom(1);
        var seen = new java.util.HashSet<String>();
        RequestId id = new RequestId();
        for (int i = 0; i < 1_000; i++) {
            id.draw(random);
            assertThat(id.toString()).matches("[0-9a-f]{32}");
            assertThat(seen.add(id.toString())).isTrue();
        }
    }

    private static Fields fields(String lines) {
        Fields fields = new Fields();
        assertThat(fields.read(bytes(lines + "\r\n"), 0, lines.length() + 2, 100)).isEqualTo(HeadVerdict.WHOLE);
        return fields;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"s=1|1", "a=b; s=1; c=d|1", "a=b;s=1|1", "S=1|1", "xs=1; s=2|2", "s|''", "=1|''", "s=|''", "a=s=1|''", "s=a=b|a=b", " s = 1 |1"})
    void aCookie(String list, String value) {
        assertThat(Keys.cookie(fields("Cookie: " + list + "\r\n"), bytes("s"))).isEqualTo(value);
        assertThat(Keys.cookie(fields("Cookie: x=y\r\nX: s=9\r\nCookie: " + list + "\r\n"), bytes("s"))).isEqualTo(value);
    }

    @Test
    void connectionOptions() {
        Fields fields = fields("Connection: ,Close , x-a\t,\r\nX-A: 1\r\nX-B: 2\r\nConnection: upgrade,keep-alive,,X-b\r\n");
        ConnectionOptions options = new ConnectionOptions();
        assertThat(options.read(fields)).isEqualTo(HeadVerdict.WHOLE);
        assertThat(options.close() && options.upgrade() && options.keepAlive()).isTrue();
        assertThat(options.names(fields, 1) && options.names(fields, 2)).isTrue();
        assertThat(options.names(fields, 0)).isFalse();
        assertThat(options.read(fields("X: y\r\n"))).isEqualTo(HeadVerdict.WHOLE);
        assertThat(options.close() || options.upgrade() || options.keepAlive()).as("nothing stays from the message before").isFalse();
    }

    @Test
    void asManyFieldsAsThereMayBe() {
        byte[] three = bytes("A: 1\r\nB: 2\r\nC: 3\r\n\r\n");
        assertThat(new Fields().read(three, 0, three.length, 3)).isEqualTo(HeadVerdict.WHOLE);
        assertThat(new Fields().read(three, 0, three.length, 2)).isEqualTo(HeadVerdict.TOO_MANY_FIELDS);
        byte[] many = bytes("X: y\r\n".repeat(1_000) + "\r\n");
        Fields fields = new Fields();
        assertThat(fields.read(many, 0, many.length, 1_000)).isEqualTo(HeadVerdict.WHOLE);
        assertThat(fields.count()).isEqualTo(1_000);
        assertThat(fields.value(999)).isEqualTo("y");
    }

    @Property(tries = 500)
    void aHeadBufferHoldsWhatIsPutIntoIt(@ForAll @Size(max = 30) List<@Size(max = 2_000) byte[]> pieces) {
        HeadBuffer buffer = new HeadBuffer().clear();
        var expected = new java.io.ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            buffer.put(piece).put('|');
            expected.writeBytes(piece);
            expected.write('|');
        }
        assertThat(java.util.Arrays.copyOf(buffer.bytes(), buffer.length())).isEqualTo(expected.toByteArray());
    }

    @Test
    void answersForAClient_areRewrittenWithoutTheServersHop() {
        String text = "HTTP/1.0 200 Fine\r\nConnection: keep-alive, X-Hop\r\nKeep-Alive: timeout=5\r\nX-Hop: 1\r\nX: y\r\nContent-Length: 3\r\n\r\n";
        ResponseHead head = new ResponseHead();
        assertThat(head.read(bytes(text), 0, text.length(), 100)).isEqualTo(HeadVerdict.WHOLE);
        assertThat(head.hasHopByHop()).isTrue();
        HeadBuffer out = new HeadBuffer();
        FieldEdits edits = new FieldEdits();
        edits.add(new FieldLine("Set-Cookie", "at=web-1; Path=/"));
        new ResponseWriter(out).write(head, true, false, edits);
        assertThat(new String(out.bytes(), 0, out.length(), StandardCharsets.ISO_8859_1))
                .isEqualTo("HTTP/1.1 200 Fine\r\nX: y\r\nContent-Length: 3\r\nSet-Cookie: at=web-1; Path=/\r\nConnection: close\r\n\r\n");
    }
}
