package dev.banyan.postgres.sql;

/** Why a session has to keep its server connection: it left something there that cannot be carried to another. */
public enum Pin {
    LISTEN,
    TEMPORARY_TABLE,
    ADVISORY_LOCK,
    HOLDABLE_CURSOR,
    PREPARED_BY_SQL,
    /** A sequence's last value, asked for by currval and lastval. */
    SEQUENCE,
    /** A setting was changed to a value that the text does not show. */
    UNKNOWN_SETTING,
    /** LOAD, security labels, DO blocks with SET and whatever else is known to stay behind. */
    OTHER,
    /** The statement was too long to be read. */
    UNREAD;

    public int bit() {
        return 1 << ordinal();
    }
}
