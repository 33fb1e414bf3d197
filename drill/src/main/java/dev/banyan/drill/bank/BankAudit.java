package dev.banyan.drill.bank;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares what is in the bank with what was said to the workers. Owned by one thread.
 */
final class BankAudit implements Bank.Books {
    private static final int EXAMPLES = 10;

    private final Outcomes outcomes;
    private final Map<Integer, Long> balances = new HashMap<>();
    private final Map<Integer, Long> byEntries = new HashMap<>();
    private final Map<String, Integer> writers = new HashMap<>();
    private final BitSet found = new BitSet();
    private final List<String> examples = new ArrayList<>();
    private long strangers;
    private long doubleTimelines;

    BankAudit(Outcomes outcomes) {
        this.outcomes = outcomes;
    }

    /**
     * What it found.
     *
     * @param acknowledged writes that the database said it had done
     * @param lost acknowledged writes that are not there
     * @param refused writes that the database said it had not done
     * @param ghosts refused writes that are there
     * @param unknown writes of which nothing was said that can be relied on
     * @param unknownThere how many of those are there
     * @param strangers entries that nobody sent
     * @param drift by how much the sum of all balances differs from what it was at first
     * @param wrongAccounts accounts whose balance is not what their entries come to
     * @param doubleTimelines timelines that two servers wrote to: both thought they were the one primary
     * @param examples a sentence for each of the first findings
     */
    record Found(
            long acknowledged, long lost, long refused, long ghosts, long unknown, long unknownThere, long strangers, long drift, long wrongAccounts, long doubleTimelines,
            List<String> examples) {
        Found {
            examples = List.copyOf(examples);
        }

        boolean clean() {
            return lost == 0 && ghosts == 0 && strangers == 0 && drift == 0 && wrongAccounts == 0 && doubleTimelines == 0;
        }
    }

    @Override
    public void account(int number, long balance) {
        balances.put(number, balance);
    }

    @Override
    public void entry(Bank.Entry entry) {
        if (entry.id() < 0 || entry.id() >= outcomes.sent()) {
            strangers++;
            example("entry " + entry.id() + " is there and was never sent");
            return;
        }
        found.set((int) entry.id());
        byEntries.merge(entry.debit(), -entry.amount(), Long::sum);
        byEntries.merge(entry.credit(), entry.amount(), Long::sum);
        Integer other = writers.putIfAbsent(entry.timeline(), entry.port());
        if (other != null && other != entry.port()) {
            writers.put(entry.timeline(), entry.port());
            doubleTimelines++;
            example("the servers at ports " + other + " and " + entry.port() + " both wrote to timeline " + entry.timeline());
        }
    }

    /** The tables are not there: everything is lost. */
    void gone(String why) {
        example("the check's own tables are gone: " + why);
    }

    Found found() {
        BitSet acknowledged = outcomes.allAcknowledged();
        BitSet refused = outcomes.allRefused();
        BitSet lost = less(acknowledged, found);
        lost.stream().forEach(id -> example("write " + id + " was acknowledged and is not there"));
        BitSet ghosts = (BitSet) refused.clone();
        ghosts.and(found);
        ghosts.stream().forEach(id -> example("write " + id + " was refused and is there"));
        BitSet unknown = new BitSet();
        unknown.set(0, outcomes.sent());
        unknown.andNot(acknowledged);
        unknown.andNot(refused);
        BitSet unknownThere = (BitSet) unknown.clone();
        unknownThere.and(found);
        long wrong = balances.keySet().stream().filter(this::isWrong).count();
        return new Found(acknowledged.cardinality(), lost.cardinality(), refused.cardinality(), ghosts.cardinality(), unknown.cardinality(), unknownThere.cardinality(),
                strangers, drift(), wrong, doubleTimelines, examples);
    }

    private long drift() {
        return balances.values().stream().mapToLong(Long::longValue).sum() - balances.size() * Bank.OPENING_BALANCE;
    }

    private boolean isWrong(int account) {
        long wanted = Bank.OPENING_BALANCE + byEntries.getOrDefault(account, 0L);
        boolean wrong = balances.get(account) != wanted;
        if (wrong) {
            example("account " + account + " has " + balances.get(account) + ", and its entries come to " + wanted);
        }
        return wrong;
    }

    private static BitSet less(BitSet all, BitSet some) {
        BitSet rest = (BitSet) all.clone();
        rest.andNot(some);
        return rest;
    }

    private void example(String sentence) {
        if (examples.size() < EXAMPLES) {
            examples.add(sentence);
        }
    }
}
