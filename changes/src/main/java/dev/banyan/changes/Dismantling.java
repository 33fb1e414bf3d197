package dev.banyan.changes;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes away what a feed has put into a database: the slot first, for it keeps log. */
final class Dismantling {
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final int LOOKS = 200;

    private final Setup setup;

    Dismantling(Setup setup) {
        this.setup = setup;
    }

    Removal at(Optional<Primary> primary) throws InterruptedException {
        String byHand = "SELECT pg_drop_replication_slot('" + setup.slot() + "'); DROP PUBLICATION IF EXISTS " + setup.publication();
        if (primary.isEmpty()) {
            return new Removal.Left("there is no primary at the moment: slot " + setup.slot() + " and publication " + setup.publication() + " stay where they are", byHand);
        }
        try (Sql sql = Sql.open(primary.get())) {
            boolean slot = dropSlot(sql, Server.ask(sql));
            List<String> identities = restoreIdentities(sql);
            sql.execute("DROP PUBLICATION IF EXISTS " + setup.publication());
            String what = (slot ? "slot " + setup.slot() + " and " : "") + "publication " + setup.publication() + " of " + primary.get().database() + " at " + primary.get().address();
            return identities.isEmpty() ? new Removal.Removed(what) : new Removal.Left("removed " + what + ", but the tables' replica identity could not be set back", String.join("; ", identities));
        } catch (SQLException e) {
            return new Removal.Left("slot " + setup.slot() + " or publication " + setup.publication() + " may be left in " + primary.get() + ": " + e.getMessage(), byHand);
        }
    }

    /** The process that served our last session may take a moment to see that it is over. */
    private boolean dropSlot(Sql sql, Server server) throws SQLException, InterruptedException {
        for (int look = 0; look < LOOKS; look++) {
            Optional<Slot> slot = Slot.find(sql, server, setup.slot());
            if (slot.isEmpty()) {
                return false;
            }
            if (slot.get().activePid() == 0 || look == LOOKS - 1) {
                break;
            }
            setup.clock().sleep(LOOK);
        }
        sql.execute("select pg_drop_replication_slot(" + Sql.literal(setup.slot()) + ")");
        return true;
    }

    /** The statements that failed. */
    private List<String> restoreIdentities(Sql sql) throws SQLException {
        List<String> failed = new ArrayList<>();
        for (String statement : Identities.restoring(sql, setup.publication())) {
            try {
                sql.execute(statement);
            } catch (SQLException e) {
                if (Sql.isBroken(e)) {
                    throw e;
                }
                failed.add(statement);
            }
        }
        return failed;
    }
}
