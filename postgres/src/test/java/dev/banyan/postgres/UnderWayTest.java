package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.postgres.UnderWay.Position;
import dev.banyan.postgres.sql.CachedStatementReader;
import dev.banyan.postgres.sql.Catalogue;
import dev.banyan.postgres.sql.Statement;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class UnderWayTest {
    private final CachedStatementReader reader = new CachedStatementReader(() -> Catalogue.NONE, 100, 1);
    private final UnderWay underWay = new UnderWay();

    private void send(String sql) {
        underWay.sent(read(sql), 0);
    }

    private Statement read(String sql) {
        ByteBuf text = Unpooled.copiedBuffer(sql, StandardCharsets.UTF_8);
        return reader.read(text, 0, text.readableBytes(), true);
    }

    @Test
    void aWriteIsInDoubtUntilItIsAnswered_thoughItsPositionWasAskedFor() {
        send("INSERT INTO t VALUES (1)");
        assertThat(underWay.position(false)).isEqualTo(Position.NOW);
        assertThat(underWay.mayHaveCommitted()).isTrue();
        underWay.settled();
        assertThat(underWay.mayHaveCommitted()).isFalse();
    }

    @Test
    void aCommitIsInDoubtUntilItIsAnswered_thoughItsPositionWasAskedFor() {
        send("UPDATE t SET a = 1");
        assertThat(underWay.position(true)).isEqualTo(Position.NO);
        underWay.settled();
        assertThat(underWay.commits()).isFalse();
        send("COMMIT");
        assertThat(underWay.position(true)).isEqualTo(Position.NOW);
        assertThat(underWay.commits()).isTrue();
    }

    @Test
    void aReadIsNotInDoubt() {
        send("SELECT 1");
        assertThat(underWay.position(false)).isEqualTo(Position.NO);
        assertThat(underWay.mayHaveCommitted()).isFalse();
    }

    @Test
    void aPositionIsNotThatOfWhatWasSentBehindItsQuestion() {
        send("INSERT INTO t VALUES (1)");
        underWay.position(false);
        send("SELECT a FROM t");
        underWay.positionKnown(false);
        assertThat(underWay.isPositionKnown()).isFalse();
        underWay.positionKnown(true);
        assertThat(underWay.isPositionKnown()).isTrue();
    }
}
