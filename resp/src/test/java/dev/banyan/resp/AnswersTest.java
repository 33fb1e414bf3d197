package dev.banyan.resp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Loops;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnswersTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final SpareBuffers spares = new SpareBuffers();
    private final Answers answers = new Answers(channel, spares);

    private void piece(int ticket, String text) {
        ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
        answers.piece(ticket, bytes, bytes.readableBytes());
        bytes.release();
    }

    private String sent() {
        answers.send();
        channel.flush();
        StringBuilder text = new StringBuilder();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            text.append(out.toString(StandardCharsets.US_ASCII));
            out.release();
        }
        return text.toString();
    }

    @Test
    void whatComesInAnyOrderGoesOutInTheOrderOfTheTickets() {
        List<Integer> tickets = IntStream.range(0, 500).mapToObj(_ -> answers.ticket()).collect(Collectors.toCollection(ArrayList::new));
        Collections.shuffle(tickets, Loops.random(1));
        for (int ticket : tickets) {
            piece(ticket, ticket + ",");
            answers.done(ticket);
        }
        assertThat(sent()).isEqualTo(IntStream.range(0, 500).mapToObj(i -> i + ",").collect(Collectors.joining()));
        assertThat(answers.unanswered()).isZero();
    }

    @Test
    void itIsKnownWhetherAnAnswerHasBegun_howeverFarAheadItIs() {
        IntStream.range(0, 100).forEach(_ -> answers.ticket());
        assertThat(answers.hasBegun(0)).isFalse();
        assertThat(answers.hasBegun(99)).isFalse();
        piece(99, "late");
        assertThat(answers.hasBegun(99)).isTrue();
        piece(0, "first");
        assertThat(answers.hasBegun(0)).isTrue();
        answers.done(0);
        assertThat(answers.hasBegun(1)).isFalse();
    }

    @Test
    void aMutedAnswerGoesNowhere() {
        answers.muteNext();
        int muted = answers.ticket();
        int heard = answers.ticket();
        piece(heard, "heard");
        answers.done(heard);
        piece(muted, "muted");
        answers.done(muted);
        assertThat(sent()).isEqualTo("heard");
    }
}
