package dev.banyan.balance;

/**
 * The key's hash modulo the servers, a server of weight 3 counting three times. Simple and quick, but nearly all keys move when a server comes or
 * goes. When the key's server cannot be had the next one is taken, the same for every request of the key.
 */
final class HashModulo implements Policy {
    private final Members members;
    private final Cycle cycle;

    HashModulo(Members members) {
        this.members = members;
        this.cycle = new Cycle(members.weights());
    }

    @Override
    public Server choose(RequestKey key, long excluded) {
        int index = cycle.at((int) Long.remainderUnsigned(Hash64.mix(key.hash()), cycle.length()));
        for (int i = members.size(); i > 0; i--) {
            Server server = members.take(index, excluded);
            if (server != null) {
                return server;
            }
            index = index + 1 == members.size() ? 0 : index + 1;
        }
        return null;
    }

    @Override
    public Foreseen foresee(RequestKey key) {
        int own = cycle.at((int) Long.remainderUnsigned(Hash64.mix(key.hash()), cycle.length()));
        int index = own;
        for (int i = members.size(); i > 0; i--) {
            if (members.hasRoom(index, members.cap())) {
                return new Foreseen(index, index == own ? "its key's hash modulo the servers is this one" : "it comes after " + members.server(own).name() + ", the one of its key's hash, which is full");
            }
            index = index + 1 == members.size() ? 0 : index + 1;
        }
        return new Foreseen(own, "its key's hash modulo the servers is this one");
    }

    @Override
    public long bytes() {
        return cycle.bytes();
    }
}
