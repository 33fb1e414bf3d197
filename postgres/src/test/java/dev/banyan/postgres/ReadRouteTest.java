package dev.banyan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.postgres.sql.CachedStatementReader;
import dev.banyan.postgres.sql.Catalogue;
import dev.banyan.postgres.sql.Statement;
import dev.banyan.postgres.sql.Statement.Hint;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Request x state of its transaction -> may it go to a replica, and may it stay at the one it is at. */
class ReadRouteTest {
    private static final CachedStatementReader READER = new CachedStatementReader(() -> Catalogue.NONE, 100, 1);

    private static Statement read(String sql) {
        byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
        return READER.read(Unpooled.wrappedBuffer(bytes), 0, bytes.length, true);
    }

    /** idle; moving: BEGIN was deferred; fixed: a transaction at the primary; failed: one that may move no more for an error. */
    private static TransactionState state(String name) {
        TransactionState state = new TransactionState();
        if (!name.equals("idle")) {
            state.defer(read("begin").begin().orElseThrow());
            state.begun();
            state.status((byte) (name.equals("failed") ? 'E' : 'T'));
        }
        if (name.equals("fixed")) {
            state.stays();
        }
        return state;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "select 1 | idle | true | true",
        "select 1 | moving | true | true",
        "select 1 | fixed | false | true",
        "select 1 | failed | true | true",
        "select now() | idle | true | true",
        "select now() | moving | false | false",
        "select nextval('s') | idle | false | true",
        "select nextval('s') | moving | false | false",
        "select 1 for update | moving | false | false",
        "insert into t values (1) | idle | false | true",
        "insert into t values (1) | moving | false | false",
        "insert into t values (1) | fixed | false | true",
        "insert into t values (1) | failed | false | true",
        "declare c cursor for select 1 | moving | false | false",
        "commit | moving | false | true",
        "rollback | moving | false | true",
        "savepoint a | moving | false | false",
        "set local a.b to 1 | moving | false | false",
        "/* banyan: primary */ select 1 | idle | false | true",
        "/* banyan: replica */ select f() | idle | true | true",
        "/* banyan: replica */ select f() | moving | false | false",
        "select 1; select 2 | idle | true | true",
        "select 1; insert into t values (1) | idle | false | true",
    })
    void aRequestMayReadAtAReplica_orStayAtOne(String sql, String state, boolean mayRead, boolean stays) {
        Batch batch = new Batch().simple(read(sql), 0);
        assertThat(ReadRoute.mayRead(batch, state(state), SessionSettings.NONE, Optional.empty(), true, true)).as("may read").isEqualTo(mayRead);
        assertThat(ReadRoute.stays(batch, state(state))).as("stays").isEqualTo(stays);
        assertThat(ReadRoute.mayRead(batch, state(state), SessionSettings.NONE, Optional.of(Hint.PRIMARY), true, true)).as("against the session's wish")
                .isEqualTo(mayRead && sql.contains("replica"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "begin | true | true",
        "begin | false | false",
        "start transaction read only | true | true",
        "begin read write | true | false",
        "begin isolation level read committed | false | true",
        "begin isolation level repeatable read | true | false",
        "begin isolation level serializable | true | false",
    })
    void beginWaitsWhereEachStatementHasASnapshotOfItsOwn(String sql, boolean readCommitted, boolean defers) {
        Statement begin = read(sql);
        assertThat(ReadRoute.defersBegin(begin, new TransactionState(), SessionSettings.NONE, Optional.empty(), readCommitted)).isEqualTo(defers);
        assertThat(ReadRoute.defersBegin(begin, state("fixed"), SessionSettings.NONE, Optional.empty(), readCommitted)).as("within another").isFalse();
        assertThat(ReadRoute.defersBegin(begin, new TransactionState(), SessionSettings.NONE, Optional.of(Hint.PRIMARY), readCommitted)).isFalse();
        SessionSettings readOnly = SessionSettings.NONE.with("default_transaction_read_only", "on");
        assertThat(ReadRoute.defersBegin(begin, new TransactionState(), readOnly, Optional.empty(), readCommitted)).isFalse();
    }
}
