package dev.banyan.postgres.sql;

import dev.banyan.postgres.sql.Statement.Begin;
import java.util.List;
import java.util.Optional;

/** What was read of one statement of a text. */
record Reading(
        Verb verb,
        String whyNot,
        int pins,
        List<SettingChange> settings,
        String name,
        Optional<Begin> begin,
        boolean transactionTime,
        boolean cursor,
        boolean ofLiterals) {

    /** With nothing but its verb. */
    static Reading of(Verb verb, String whyNot) {
        return new Reading(verb, whyNot, 0, List.of(), "", Optional.empty(), false, false, false);
    }

    boolean readsOnly() {
        return whyNot.isEmpty();
    }

    Reading pinned(int more) {
        return more == 0 ? this : new Reading(verb, whyNot, pins | more, settings, name, begin, transactionTime, cursor, ofLiterals);
    }

    Reading named(String newName) {
        return new Reading(verb, whyNot, pins, settings, newName, begin, transactionTime, cursor, ofLiterals);
    }

    Reading setting(List<SettingChange> changes) {
        return new Reading(verb, whyNot, pins, changes, name, begin, transactionTime, cursor, true);
    }

    Reading beginning(Begin asked) {
        return new Reading(verb, whyNot, pins, settings, name, Optional.of(asked), transactionTime, cursor, ofLiterals);
    }

    Reading timed(boolean time) {
        return new Reading(verb, whyNot, pins, settings, name, begin, transactionTime || time, cursor, ofLiterals);
    }

    Reading withCursor() {
        return new Reading(verb, whyNot, pins, settings, name, begin, transactionTime, true, ofLiterals);
    }

    Reading ofLiterals(boolean depends) {
        return new Reading(verb, whyNot, pins, settings, name, begin, transactionTime, cursor, ofLiterals || depends);
    }
}
