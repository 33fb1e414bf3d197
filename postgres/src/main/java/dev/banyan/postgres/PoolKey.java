package dev.banyan.postgres;

/** Whose connections a pool holds: a server connection belongs to one user and one database for its whole life. */
record PoolKey(String user, String database) {
    @Override
    public String toString() {
        return user + "@" + database;
    }
}
