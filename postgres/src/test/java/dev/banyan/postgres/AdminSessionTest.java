package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminSessionTest {
    private final List<Consumer<List<List<String>>>> asked = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final AdminSession session = new AdminSession(channel, (topic, done) -> asked.add(done));

    private void begin() {
        channel.pipeline().addLast(session);
        session.begin(Map.of("server_version", "17.0"), 7, new byte[] {1, 2, 3, 4}, Unpooled.buffer());
        assertThat(answers()).containsExactly("S server_version 17.0", "K", "Z I");
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    private static ByteBuf message(char type, Object... fields) {
        ByteBuf body = Unpooled.buffer();
        for (Object field : fields) {
            switch (field) {
                case String text -> body.writeBytes(text.getBytes(StandardCharsets.UTF_8)).writeByte(0);
                case Character one -> body.writeByte(one);
                case Short two -> body.writeShort(two);
                default -> body.writeInt((Integer) field);
            }
        }
        return Unpooled.buffer().writeByte(type).writeInt(body.readableBytes() + 4).writeBytes(body);
    }

    private void send(ByteBuf... messages) {
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf each : messages) {
            all.writeBytes(each);
        }
        channel.writeInbound(all);
    }

    private void answer(List<List<String>> rows) {
        asked.removeFirst().accept(rows);
        channel.runPendingTasks();
    }

    /** Each message's type and texts. */
    private List<String> answers() {
        List<String> answers = new ArrayList<>();
        ByteBuf all = Unpooled.buffer();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            all.writeBytes(out);
            out.release();
        }
        while (all.isReadable()) {
            char type = (char) all.readByte();
            ByteBuf body = all.readSlice(all.readInt() - 4);
            answers.add(switch (type) {
                case 'S', 'C' -> type + " " + body.toString(StandardCharsets.UTF_8).replace('\0', ' ').strip();
                case 'Z' -> "Z " + (char) body.readByte();
                case 'T' -> "T " + body.readShort();
                case 'D' -> row(body);
                case 'E' -> "E " + body.toString(StandardCharsets.UTF_8).split("\0C")[1].substring(0, 5);
                default -> String.valueOf(type);
            });
        }
        return answers;
    }

    private static String row(ByteBuf body) {
        StringBuilder row = new StringBuilder("D");
        for (int columns = body.readShort(); columns > 0; columns--) {
            row.append(' ').append(body.readCharSequence(body.readInt(), StandardCharsets.UTF_8));
        }
        return row.toString();
    }

    @Test
    void aSimpleShowIsAnsweredWithItsColumnsAndRows() {
        begin();
        send(message('Q', "show version;"));
        assertThat(answers()).as("not before its rows are there").isEmpty();
        answer(List.of(List.of("Banyan 1")));
        assertThat(answers()).containsExactly("T 1", "D Banyan 1", "C SHOW", "Z I");
    }

    @Test
    void anExtendedShowIsDescribedBeforeItsRowsAreGathered() {
        begin();
        send(message('P', "", "SHOW VERSION", (short) 0), message('B', "", "", (short) 0, (short) 0, (short) 0), message('D', 'P', ""), message('E', "", 0), message('S'));
        assertThat(answers()).containsExactly("1", "2", "T 1");
        answer(List.of(List.of("Banyan 1")));
        assertThat(answers()).containsExactly("D Banyan 1", "C SHOW", "Z I");
    }

    @Test
    void messagesThatComeByteByByteAreAnsweredAlike() {
        begin();
        ByteBuf all = Unpooled.buffer().writeBytes(message('P', "s", "SHOW HELP", (short) 0)).writeBytes(message('D', 'S', "s")).writeBytes(message('C', 'S', "s")).writeBytes(message('S'));
        while (all.isReadable()) {
            channel.writeInbound(Unpooled.buffer(1).writeByte(all.readByte()));
        }
        assertThat(answers()).containsExactly("1", "t", "T 2", "3", "Z I");
    }

    @Test
    void whatDriversSayByThemselvesIsAccepted() {
        begin();
        send(message('Q', "SET extra_float_digits = 3"), message('Q', ""), message('Q', "BEGIN"));
        assertThat(answers()).containsExactly("C SET", "Z I", "I", "Z I", "C BEGIN", "Z I");
    }

    @Test
    void anUnknownQuestionIsAnErrorThatListsTheTopics() {
        begin();
        assertThat(AdminQuestion.of("SELECT 1")).isInstanceOfSatisfying(AdminQuestion.Unknown.class,
                unknown -> assertThat(unknown.why().message()).contains("SHOW POOLS, SHOW CLIENTS, SHOW SERVERS"));
        send(message('Q', "SELECT 1"));
        assertThat(answers()).containsExactly("E 42601", "Z I");
        send(message('P', "", "SELECT 1", (short) 0), message('B', "", "", (short) 0, (short) 0, (short) 0), message('E', "", 0), message('S'));
        assertThat(answers()).as("what follows an error is skipped").containsExactly("E 42601", "Z I");
    }

    @Test
    void namesThatAreNotThereAreErrors() {
        begin();
        send(message('B', "", "x", (short) 0, (short) 0, (short) 0), message('S'), message('D', 'P', "y"), message('S'), message('E', "y", 0), message('S'));
        assertThat(answers()).containsExactly("E 26000", "Z I", "E 34000", "Z I", "E 34000", "Z I");
    }

    @Test
    void aMessageThatIsTooLongOrUnknownEndsTheSession() {
        begin();
        channel.writeInbound(Unpooled.buffer().writeByte('Q').writeInt(1 << 30));
        assertThat(answers()).containsExactly("E 08P01");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void anAnswerThatComesAfterTheClientLeftIsDropped() {
        begin();
        send(message('Q', "SHOW VERSION"));
        send(message('X'));
        channel.close();
        answer(List.of(List.of("late")));
        assertThat(answers()).isEmpty();
    }

    @Test
    void aHundredQuestionsInOnePacketAreAnsweredInTurn() {
        begin();
        ByteBuf[] many = new ByteBuf[100];
        for (int i = 0; i < many.length; i++) {
            many[i] = message('Q', "SHOW VERSION");
        }
        send(many);
        for (int i = 0; i < many.length; i++) {
            assertThat(asked).hasSize(1);
            answer(List.of(List.of("v" + i)));
            assertThat(answers()).containsExactly("T 1", "D v" + i, "C SHOW", "Z I");
        }
    }
}
