package dev.banyan.resp.wire;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a node tells of one of its commands (redis.io/docs/latest/commands/command).
 *
 * @param name in small letters; {@code config|get} for a subcommand
 * @param arity how many arguments, name included; negative: at least so many
 * @param first the first key's argument, 0 for none
 * @param last the last key's; negative from the command's end
 * @param step from a key to the next
 * @param specs the same, in full; empty before version 7
 * @param categories as {@code @read}
 * @param tips for those who share commands among nodes; none before version 7
 */
public record Command(
        String name,
        int arity,
        Set<Flag> flags,
        int first,
        int last,
        int step,
        List<KeySpec> specs,
        Set<String> categories,
        Tips tips) {
    public Command {
        flags = flags.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(flags)); // its contains() is one comparison of bits
        specs = List.copyOf(specs);
        categories = Set.copyOf(categories);
    }

    public enum Flag {
        WRITE, READONLY, DENYOOM, ADMIN, PUBSUB, NOSCRIPT, BLOCKING, LOADING, STALE, FAST, MOVABLEKEYS, NO_AUTH, MAY_REPLICATE, ASKING, SKIP_MONITOR, SKIP_SLOWLOG,
        NO_MULTI, NO_ASYNC_LOADING, ALLOW_BUSY, NO_MANDATORY_KEYS, RANDOM, SORT_FOR_SCRIPT, MODULE
    }

    public boolean is(Flag flag) {
        return flags.contains(flag);
    }

    /** Whether the command may have so many arguments, name included. */
    public boolean takes(int arguments) {
        return arity < 0 ? arguments >= -arity : arguments == arity;
    }

    /** To which nodes it goes, as {@code all_nodes}, {@code all_shards}, {@code multi_shard}, {@code special}; empty for one. */
    public String requestPolicy() {
        return tips.request();
    }

    /** How answers of several nodes become one, as {@code agg_sum}, {@code all_succeeded}; empty when it is not told. */
    public String responsePolicy() {
        return tips.response();
    }

    /**
     * What stands at redis.io/docs/latest/develop/reference/command-tips.
     *
     * @param all as {@code request_policy:all_shards}, {@code nondeterministic_output}
     * @param request the policy's word, or empty
     * @param response likewise
     */
    public record Tips(Set<String> all, String request, String response) {
        public static final Tips NONE = of(Set.of());

        static Tips of(Set<String> all) {
            return new Tips(Set.copyOf(all), policy(all, "request_policy:"), policy(all, "response_policy:"));
        }

        private static String policy(Set<String> all, String kind) {
            return all.stream().filter(tip -> tip.startsWith(kind)).map(tip -> tip.substring(kind.length())).findFirst().orElse("");
        }
    }
}
