package dev.banyan.resp;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the router does with a command, by its name. What is not named here goes to the node of its keys. */
enum Way {
    /** To the node of its keys, or where it has none, to the first. */
    NODE,
    /** The router answers it. */
    OWN,
    /** Begins, ends or is part of what makes a transaction. */
    TRANSACTION,
    /** Begins or ends a subscription. */
    SUBSCRIPTION,
    /** Goes to the nodes of its keys in parts, whose answers are put together. */
    SPLIT,
    /** Goes to all nodes. */
    EVERYWHERE,
    /** Walks over the nodes, one after the other. */
    SCAN,
    /** Makes its session keep connections of its own. */
    PINNING,
    /** Is not for clients of a router. */
    REFUSED;

    private static final Map<String, Way> BY_NAME = Stream.of(
                    named(OWN, "ping", "echo", "hello", "auth", "client", "quit", "reset", "select", "readonly", "readwrite", "asking"),
                    named(TRANSACTION, "multi", "exec", "discard", "watch", "unwatch"),
                    named(SUBSCRIPTION, "subscribe", "psubscribe", "ssubscribe", "unsubscribe", "punsubscribe", "sunsubscribe"),
                    named(SPLIT, "mget", "del", "unlink", "exists", "touch"),
                    named(EVERYWHERE, "dbsize", "keys", "flushall", "flushdb", "script", "function", "randomkey", "swapdb", "config"),
                    named(SCAN, "scan"),
                    named(PINNING, "monitor"),
                    named(REFUSED, "shutdown", "replicaof", "slaveof", "failover", "sync", "psync", "replconf", "debug", "cluster", "module", "migrate", "acl",
                            "save", "bgsave", "bgrewriteaof", "restore-asking", "wait", "waitaof", "pfdebug", "pfselftest"))
            .flatMap(map -> map.entrySet().stream())
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private static Map<String, Way> named(Way way, String... names) {
        return Set.of(names).stream().collect(Collectors.toMap(name -> name, _ -> way));
    }

    /** @param name in lower case, of the command itself, not of its subcommand */
    static Way of(String name) {
        return BY_NAME.getOrDefault(name, NODE);
    }
}
