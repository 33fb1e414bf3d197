package dev.banyan.balance;

/**
 * The owner of the key's place on the {@link Ring}, unless it holds more than {@code bound} times its weight's part of all requests: then the
 * next owner on the circle that does not (Mirrokni, Thorup and Zadimoghaddam, "Consistent Hashing with Bounded Loads", 2016). A popular
 * key so spills over to neighbours, always the same ones, and no server drowns.
 */
final class ConsistentHash implements Policy {
    private final Members members;
    private final Ring ring;
    private final double bound;
    private final double weights;

    /** @param bound above 1; 0 is unbounded */
    ConsistentHash(Members members, double bound) {
        this.members = members;
        this.bound = bound;
        String[] names = new String[members.size()];
        double sum = 0;
        for (int i = 0; i < names.length; i++) {
            names[i] = members.server(i).name();
            sum += members.weight(i);
        }
        weights = sum;
        ring = new Ring(names, members.weights());
    }

    @Override
    public Server choose(RequestKey key, long excluded) {
        int point = ring.find(Hash64.mix(key.hash()));
        double perWeight = perWeight();
        // After so many points nearly every server was seen; the least loaded is then as good.
        for (int i = 4 * members.size(); i >= 0; i--) {
            int owner = ring.owner(point);
            Server server = members.take(owner, excluded, limit(owner, perWeight));
            if (server != null) {
                return server;
            }
            point = ring.next(point);
        }
        return null;
    }

    @Override
    public Foreseen foresee(RequestKey key) {
        int point = ring.find(Hash64.mix(key.hash()));
        int own = ring.owner(point);
        double perWeight = perWeight();
        for (int i = 4 * members.size(); i >= 0; i--) {
            int owner = ring.owner(point);
            if (members.hasRoom(owner, limit(owner, perWeight))) {
                return new Foreseen(owner, owner == own
                        ? "its key's place on the ring is this one's (consistent hash)"
                        : "it is the next on the ring after " + members.server(own).name() + ", which has more than its part of all requests (front-door.balance.bound)");
            }
            point = ring.next(point);
        }
        return new Foreseen(own, "its key's place on the ring is this one's (consistent hash)");
    }

    @Override
    public long bytes() {
        return ring.bytes();
    }

    private double perWeight() {
        return bound == 0 ? Double.POSITIVE_INFINITY : bound * (held() + 1) / weights;
    }

    private int limit(int owner, double perWeight) {
        return (int) Math.min(members.cap(), Math.ceil(perWeight * members.weight(owner)));
    }

    private long held() {
        long sum = 0;
        for (int i = 0; i < members.size(); i++) {
            sum += members.server(i).inFlight();
        }
        return sum;
    }
}
