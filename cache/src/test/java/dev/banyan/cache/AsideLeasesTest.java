package dev.banyan.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.net.Clock;
import dev.banyan.resp.Store;
import dev.banyan.resp.wire.Reply;
import dev.banyan.topology.CacheKeys.Strategy;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class AsideLeasesTest {
    private final Node node = new Node();
    private final AsideLeases leases = new AsideLeases(node, KeyRules.of(List.of(Declared.of("aside:", Strategy.CACHE_ASIDE).lease().keys())), Clock.system(), new Random(1), Runnable::run);

    private Reply ask(String... words) {
        byte[][] command = new byte[words.length][];
        for (int i = 0; i < words.length; i++) {
            command[i] = words[i].getBytes(StandardCharsets.US_ASCII);
        }
        return leases.answer(words[0], command).toCompletableFuture().join();
    }

    @Test
    void whoMissesIsToldSo_andHasTheLease() {
        assertThat(ask("GET", "aside:1")).isEqualTo(Reply.NULL);
        assertThat(node.values).containsOnlyKeys("banyan:lease:{aside:1}");
        ask("SET", "aside:1", "value");
        assertThat(node.values).containsOnlyKeys("aside:1");
    }

    /** The other's lease goes with its SET: whoever looked just before finds the lease free and the key there. */
    @Test
    void aKeyThatIsSetBetweenTheLookAndTheLeaseIsNoMiss() {
        node.beforeLease = () -> node.values.put("aside:1", "value");
        assertThat(ask("GET", "aside:1")).isInstanceOfSatisfying(Reply.Bulk.class, found -> assertThat(found.bytes()).asString().isEqualTo("value"));
        assertThat(node.values).as("the lease is given back").containsOnlyKeys("aside:1");
    }

    /** GET, SET (with NX or without) and DEL, and a moment before a lease is asked for. */
    private static final class Node implements Store {
        final Map<String, String> values = new HashMap<>();
        Runnable beforeLease = () -> { };

        @Override
        public CompletionStage<Reply> get(byte[] key) {
            return send(key, "GET".getBytes(StandardCharsets.US_ASCII), key);
        }

        @Override
        public CompletionStage<Reply> send(byte[] key, byte[]... command) {
            String name = text(command[0]);
            String of = text(command[1]);
            return CompletableFuture.completedFuture(switch (name) {
                case "GET" -> values.containsKey(of) ? new Reply.Bulk(values.get(of).getBytes(StandardCharsets.US_ASCII)) : Reply.NULL;
                case "SET" -> set(of, text(command[2]), command.length > 3 && text(command[3]).equals("NX"));
                case "DEL" -> new Reply.Number(values.remove(of) == null ? 0 : 1);
                default -> throw new AssertionError(name);
            });
        }

        private Reply set(String key, String value, boolean onlyNew) {
            if (onlyNew) {
                beforeLease.run();
            }
            if (onlyNew && values.containsKey(key)) {
                return Reply.NULL;
            }
            values.put(key, value);
            return new Reply.Simple("OK");
        }

        private static String text(byte[] bytes) {
            return new String(bytes, StandardCharsets.US_ASCII);
        }
    }
}
