package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.postgres.sql.CachedStatementReader;
import dev.banyan.postgres.sql.Catalogue;
import dev.banyan.postgres.sql.Pin;
import dev.banyan.postgres.sql.SettingChange;
import dev.banyan.postgres.sql.Statement;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What a transaction leaves of its session's settings: a connection that is labelled wrongly is another session's trouble. */
class TransactionStateTest {
    private static final int UNKNOWN = Pin.UNKNOWN_SETTING.bit();

    private final CachedStatementReader reader = new CachedStatementReader(() -> Catalogue.NONE, 100, 1);
    private final TransactionState transaction = new TransactionState();

    private TransactionState send(String... texts) {
        boolean alone = true;
        for (String text : texts) {
            Statement statement = read(text);
            if (!statement.readsOnly()) {
                transaction.sent(statement, alone);
            }
            alone = false;
        }
        return transaction;
    }

    private Statement read(String sql) {
        ByteBuf text = Unpooled.copiedBuffer(sql, StandardCharsets.UTF_8);
        return reader.read(text, 0, text.readableBytes(), true);
    }

    private void begun() {
        send("BEGIN");
        transaction.answered((byte) 'T', false);
    }

    private TransactionState.Ended ended() {
        transaction.answered((byte) 'I', false);
        return transaction.end();
    }

    @Test
    void aCommitKeepsWhatWasSet() {
        begun();
        send("SET a.b = 1");
        transaction.answered((byte) 'T', false);
        send("COMMIT");
        TransactionState.Ended ended = ended();
        assertThat(ended.changes()).extracting(SettingChange::name).containsExactly("a.b");
        assertThat(ended.pins()).isZero();
    }

    @Test
    void aRollbackForgetsIt() {
        begun();
        send("SET a.b = 1");
        transaction.answered((byte) 'T', false);
        send("ROLLBACK");
        TransactionState.Ended ended = ended();
        assertThat(ended.changes()).isEmpty();
        assertThat(ended.pins()).isZero();
    }

    @Test
    void anErrorThatASavepointTookBackLeavesTheRestStanding() {
        begun();
        send("SET a.b = 1");
        send("SAVEPOINT s");
        send("SELECT 1/0");
        transaction.failed();
        transaction.answered((byte) 'E', false);
        send("ROLLBACK TO s");
        transaction.answered((byte) 'T', false);
        send("COMMIT");
        assertThat(ended().pins()).isEqualTo(UNKNOWN);
    }

    @Test
    void anErrorBehindATransactionThatHasEndedIsNotThatTransactions() {
        send("SET a.b = 1", "SELECT 1/0");
        transaction.answered((byte) 'I', true);
        transaction.failed();
        assertThat(ended().pins()).isEqualTo(UNKNOWN);
    }

    @Test
    void aTransactionThatIsChainedToItsCommitCanBeRolledBackAlone() {
        begun();
        send("SET a.b = 1");
        transaction.answered((byte) 'T', false);
        send("COMMIT AND CHAIN");
        transaction.answered((byte) 'T', false);
        assertThat(transaction.rollsBackCleanly()).isFalse();
        send("ROLLBACK");
        assertThat(ended().pins()).isEqualTo(UNKNOWN);
    }

    @Test
    void aTransactionThatIsChainedToItsRollbackCanBeCommitted() {
        begun();
        send("ROLLBACK AND CHAIN");
        transaction.answered((byte) 'T', false);
        send("SET a.b = 1");
        transaction.answered((byte) 'T', false);
        send("COMMIT");
        assertThat(ended().pins()).isEqualTo(UNKNOWN);
    }

    @Test
    void aTextThatSetsAndRollsBackLeavesWhoKnowsWhat() {
        assertThat(read("BEGIN; SET a.b = 1; ROLLBACK").pins()).isEqualTo(UNKNOWN);
        assertThat(read("SET a.b = 1; SET a.c = 1").pins()).isZero();
        begun();
        send("SET a.b = 1");
        transaction.answered((byte) 'T', false);
        send("ROLLBACK; SELECT 1/0");
        transaction.failed();
        assertThat(ended().pins()).isEqualTo(UNKNOWN);
    }

    @Test
    void aSettingThatFailsAloneLeavesNothing() {
        send("SET a.b = 1");
        transaction.failed();
        TransactionState.Ended ended = ended();
        assertThat(ended.changes()).isEmpty();
        assertThat(ended.pins()).isZero();
    }

    @Test
    void whoAsksToWriteDoesNotBeginAtAReplica() {
        assertThat(TransactionState.mayMove(read("BEGIN").begin().orElseThrow(), SessionSettings.NONE, true)).isTrue();
        assertThat(TransactionState.mayMove(read("BEGIN READ ONLY").begin().orElseThrow(), SessionSettings.NONE, true)).isTrue();
        assertThat(TransactionState.mayMove(read("BEGIN READ WRITE").begin().orElseThrow(), SessionSettings.NONE, true)).isFalse();
    }
}
