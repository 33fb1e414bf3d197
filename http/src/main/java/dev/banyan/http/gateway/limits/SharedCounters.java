package dev.banyan.http.gateway.limits;

import dev.banyan.balance.TokenRate;
import java.util.List;
import java.util.function.Consumer;

/** Where several front doors count together. Never blocks; safe for any thread. */
public interface SharedCounters extends AutoCloseable {
    /**
     * Charges keys with tokens that were used, whatever they have left, and asks for their debts: what lies in the future of the moment at
     * which a key's bucket is full again, as {@link TokenRate} has it.
     *
     * @param answer called once, on any thread, within a second or so
     */
    void charge(List<Charge> charges, Consumer<Answer> answer);

    /** How many front doors count here, this one included, as far as was last known; at least 1. */
    int doors();

    @Override
    void close();

    /**
     * Tokens that a key has used.
     *
     * @param key of the limit and what it counts apart; visible ASCII
     */
    record Charge(String key, int tokens, TokenRate rate) {}

    /** How charging went. */
    sealed interface Answer {
        /** All were charged; the debts afterwards, in the charges' order. */
        record Debts(List<Long> nanos) implements Answer {
            public Debts {
                nanos = List.copyOf(nanos);
            }
        }

        /** It is not known which of them were charged. */
        record Away(String why) implements Answer {}
    }
}
