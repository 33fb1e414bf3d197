package dev.banyan.postgres;

import dev.banyan.postgres.wire.PostgresError;

/** Wants a connection and holds what it is given. */
final class FakeLessee implements ServerPool.Lessee<FakeConnection> {
    final ServerPool<FakeConnection> pool;
    private final Object settings;
    FakeConnection connection;
    PostgresError refused;
    boolean moved;
    int answers;

    FakeLessee(ServerPool<FakeConnection> pool, Object settings) {
        this.pool = pool;
        this.settings = settings;
    }

    static FakeLessee at(ServerPool<FakeConnection> pool, long now) {
        FakeLessee lessee = new FakeLessee(pool, "");
        pool.lease(lessee, now);
        return lessee;
    }

    void giveBack(long now) {
        FakeConnection held = connection;
        connection = null;
        pool.giveBack(held, now);
    }

    boolean waits() {
        return answers == 0;
    }

    @Override
    public void granted(FakeConnection granted) {
        answers++;
        connection = granted;
    }

    @Override
    public void refused(PostgresError why) {
        answers++;
        refused = why;
    }

    @Override
    public void moved(PostgresError why) {
        answers++;
        moved = true;
    }

    @Override
    public Object settings() {
        return settings;
    }
}
