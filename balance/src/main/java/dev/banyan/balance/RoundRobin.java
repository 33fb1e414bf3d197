package dev.banyan.balance;

/** Each server in its turn of the {@link Cycle}. */
final class RoundRobin implements Policy {
    private final Members members;
    private final Cycle cycle;
    private final Turns turns;

    RoundRobin(Members members, Turns turns) {
        this.members = members;
        this.cycle = new Cycle(members.weights());
        this.turns = turns;
    }

    @Override
    public Server choose(RequestKey key, long excluded) {
        return members.take(cycle.at(turns.next(cycle.length())), excluded);
    }

    @Override
    public Foreseen foresee(RequestKey key) {
        return new Foreseen(cycle.at(turns.coming(cycle.length())), "it is its turn (round-robin)");
    }

    @Override
    public long bytes() {
        return cycle.bytes();
    }
}
