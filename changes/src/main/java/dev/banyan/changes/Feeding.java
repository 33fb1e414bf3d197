package dev.banyan.changes;

import java.sql.SQLException;
import java.util.Map;

/** What the threads of one feed share. */
final class Feeding {
    private final Setup setup;
    private final Handover handover = new Handover();
    private final Notes notes = new Notes();
    private final Wake wake = new Wake();
    private final Figures figures;
    private final Publication publication;
    private volatile boolean closed;
    private volatile boolean tablesChanged;
    private volatile Publication.Provided provided;

    Feeding(Setup setup) {
        this.setup = setup;
        this.figures = new Figures(setup.registry(), setup.slot());
        this.publication = new Publication(setup);
    }

    Setup setup() {
        return setup;
    }

    Handover handover() {
        return handover;
    }

    Notes notes() {
        return notes;
    }

    Wake wake() {
        return wake;
    }

    Figures figures() {
        return figures;
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
        handover.close();
        wake.ring();
    }

    void tablesChanged() {
        tablesChanged = true;
        wake.ring();
    }

    /** Whether they have since this was asked last. */
    boolean takeTablesChanged() {
        boolean changed = tablesChanged;
        tablesChanged = false;
        return changed;
    }

    /** Publishes the tables wanted now. */
    Publication.Provided provide(Sql sql) throws SQLException {
        provided = publication.provide(sql);
        notes.set(Notes.About.TABLES, provided.problems());
        return provided;
    }

    /** All that is published counts as published from the beginning: there is a new slot since. */
    Map<String, Long> allProvided() {
        provided = new Publication.Provided(provided.tables(), provided.tables(), provided.problems());
        return provided.tables();
    }

    /** What {@link #provide} gave last. */
    Publication.Provided provided() {
        return provided;
    }
}
