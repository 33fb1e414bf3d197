package dev.banyan.resp.clients;

import static dev.banyan.resp.clients.RedissonScenarios.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.redisson.api.DeletedObjectListener;
import org.redisson.api.ExpiredObjectListener;
import org.redisson.api.RBlockingQueue;
import org.redisson.api.RBucket;
import org.redisson.api.RDelayedQueue;
import org.redisson.api.RPriorityQueue;
import org.redisson.api.RReliableTopic;
import org.redisson.api.RRemoteService;
import org.redisson.api.RStream;
import org.redisson.api.RTopic;
import org.redisson.api.RTransferQueue;
import org.redisson.api.stream.StreamAddArgs;
import org.redisson.api.stream.StreamCreateGroupArgs;
import org.redisson.api.stream.StreamMessageId;
import org.redisson.api.stream.StreamRangeArgs;
import org.redisson.api.stream.StreamReadGroupArgs;
import org.redisson.client.codec.StringCodec;

/** What tells one application of another's doings. */
final class RedissonMessages {
    private RedissonMessages() {}

    static List<Scenario<RedissonClients>> all() {
        return List.of(
                new Scenario<>("streams", RedissonMessages::streams),
                new Scenario<>("topics", RedissonMessages::topics),
                new Scenario<>("pattern topics", RedissonMessages::patternTopics),
                new Scenario<>("reliable topics", RedissonMessages::reliableTopics),
                new Scenario<>("queues that wait", RedissonMessages::blockingQueues),
                new Scenario<>("delayed queues", RedissonMessages::delayedQueues),
                new Scenario<>("priority and transfer queues", RedissonMessages::otherQueues),
                new Scenario<>("remote services", RedissonMessages::remoteServices),
                new Scenario<>("what expires and is deleted", RedissonMessages::keyEvents));
    }

    private static void streams(RedissonClients clients) {
        RStream<String, String> stream = clients.one().getStream(clients.name("stream"));
        RStream<String, String> read = clients.two().getStream(clients.name("stream"));
        stream.createGroup(StreamCreateGroupArgs.name("group").makeStream());
        CompletableFuture<Map<StreamMessageId, Map<String, String>>> waiting = new CompletableFuture<>();
        Background.run(() -> waiting.complete(read.readGroup("group", "two", StreamReadGroupArgs.neverDelivered().timeout(Duration.ofSeconds(30)))));
        StreamMessageId first = stream.add(StreamAddArgs.entry("a", "1"));
        assertThat(waiting.join()).containsOnly(Map.entry(first, Map.of("a", "1")));
        StreamMessageId second = stream.add(StreamAddArgs.entries("b", "2", "c", "3"));
        assertThat(stream.readGroup("group", "one", StreamReadGroupArgs.neverDelivered().count(10))).containsOnlyKeys(second);
        assertThat(stream.getPendingInfo("group").getConsumerNames()).containsOnly(Map.entry("one", 1L), Map.entry("two", 1L));
        assertThat(stream.ack("group", first)).isEqualTo(1);
        assertThat(stream.autoClaim("group", "two", 0, TimeUnit.SECONDS, StreamMessageId.MIN, 10).getMessages()).containsOnlyKeys(second);
        assertThat(read.fastClaim("group", "one", 0, TimeUnit.SECONDS, second)).containsExactly(second);
        assertThat(stream.range(StreamRangeArgs.startId(StreamMessageId.MIN).endId(StreamMessageId.MAX))).containsOnlyKeys(first, second);
        assertThat(stream.listConsumers("group")).hasSize(2);
        assertThat(stream.remove(first)).isEqualTo(1);
    }

    private static void topics(RedissonClients clients) {
        RTopic said = clients.one().getTopic(clients.name("topic"));
        RTopic heard = clients.two().getTopic(clients.name("topic"));
        List<Integer> messages = new CopyOnWriteArrayList<>();
        int listener = heard.addListener(Integer.class, (_, message) -> messages.add(message));
        assertThat(said.countSubscribers()).isEqualTo(1);
        IntStream.range(0, 200).forEach(i -> assertThat(said.publish(i)).isEqualTo(1));
        await(() -> messages.size() >= 200);
        heard.removeListener(listener);
        await(() -> said.publish(1000) == 0);
        assertThat(messages).as("each once, in order").containsExactlyElementsOf(IntStream.range(0, 200).boxed().toList());
    }

    private static void patternTopics(RedissonClients clients) {
        List<String> messages = new CopyOnWriteArrayList<>();
        String prefix = clients.name("news");
        var pattern = clients.two().getPatternTopic(prefix + ".*", StringCodec.INSTANCE);
        int listener = pattern.addListener(String.class, (_, channel, message) -> messages.add(channel + "=" + message));
        for (int i = 0; i < 20; i++) {
            clients.one().getTopic(prefix + "." + i, StringCodec.INSTANCE).publish("" + i);
        }
        await(() -> messages.size() >= 20);
        pattern.removeListener(listener);
        assertThat(messages).containsExactlyInAnyOrderElementsOf(IntStream.range(0, 20).mapToObj(i -> prefix + "." + i + "=" + i).toList());
    }

    private static void reliableTopics(RedissonClients clients) {
        RReliableTopic said = clients.one().getReliableTopic(clients.name("reliable"));
        RReliableTopic heard = clients.two().getReliableTopic(clients.name("reliable"));
        List<Integer> messages = new CopyOnWriteArrayList<>();
        heard.addListener(Integer.class, (_, message) -> messages.add(message));
        IntStream.range(0, 20).forEach(said::publish);
        await(() -> messages.size() >= 20);
        assertThat(messages).containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
        heard.removeAllListeners();
    }

    @SuppressWarnings("deprecation") // bounded queues, for which there is no other
    private static void blockingQueues(RedissonClients clients) throws InterruptedException {
        RBlockingQueue<String> queue = clients.one().getBlockingQueue(clients.name("queue"));
        List<CompletableFuture<Void>> takers = new ArrayList<>();
        List<String> taken = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 4; i++) {
            RBlockingQueue<String> other = clients.two().getBlockingQueue(clients.name("queue"));
            takers.add(Background.run(() -> taken.add(other.take())));
        }
        for (int i = 0; i < 4; i++) {
            queue.put("job" + i);
        }
        takers.forEach(CompletableFuture::join);
        assertThat(taken).containsExactlyInAnyOrder("job0", "job1", "job2", "job3");
        assertThat(queue.poll(10, TimeUnit.MILLISECONDS)).isNull();
        var bounded = clients.one().<String>getBoundedBlockingQueue(clients.name("bounded queue"));
        bounded.trySetCapacity(1);
        assertThat(bounded.offer("a")).isTrue();
        assertThat(bounded.offer("b")).isFalse();
        CompletableFuture<Void> putting = Background.run(() -> bounded.put("c"));
        assertThat(clients.two().<String>getBoundedBlockingQueue(clients.name("bounded queue")).take()).isEqualTo("a");
        putting.join();
    }

    @SuppressWarnings("deprecation") // what most applications have
    private static void delayedQueues(RedissonClients clients) throws InterruptedException {
        RBlockingQueue<String> arrivals = clients.two().getBlockingQueue(clients.name("delayed"));
        RDelayedQueue<String> delayed = clients.one().getDelayedQueue(clients.one().getBlockingQueue(clients.name("delayed")));
        delayed.offer("never", 1, TimeUnit.HOURS);
        delayed.offer("one", 150, TimeUnit.MILLISECONDS);
        delayed.offer("other", 50, TimeUnit.MILLISECONDS);
        assertThat(List.of(arrivals.take(), arrivals.take())).containsExactlyInAnyOrder("one", "other"); // in whichever order they were due on this machine
        assertThat(delayed.readAll()).containsExactly("never");
        assertThat(delayed.remove("never")).isTrue();
        delayed.destroy();
    }

    private static void otherQueues(RedissonClients clients) {
        RPriorityQueue<Integer> ordered = clients.one().getPriorityQueue(clients.name("priority"));
        List.of(5, 1, 3).forEach(ordered::add);
        assertThat(List.of(ordered.poll(), ordered.poll(), ordered.poll())).containsExactly(1, 3, 5);
        RTransferQueue<String> transfer = clients.one().getTransferQueue(clients.name("transfer"));
        CompletableFuture<Void> handing = Background.run(() -> transfer.transfer("parcel"));
        RTransferQueue<String> other = clients.two().getTransferQueue(clients.name("transfer"));
        await(() -> "parcel".equals(other.poll()));
        handing.join();
        var ring = clients.one().<Integer>getRingBuffer(clients.name("ring"));
        ring.trySetCapacity(3);
        ring.addAll(List.of(1, 2, 3, 4, 5));
        assertThat(ring.readAll()).containsExactly(3, 4, 5);
    }

    /** What one application may ask of another. */
    public interface Doubling {
        int twice(int number);
    }

    private static void remoteServices(RedissonClients clients) {
        RRemoteService serving = clients.one().getRemoteService(clients.name("remote"));
        serving.register(Doubling.class, number -> 2 * number, 2);
        Doubling doubling = clients.two().getRemoteService(clients.name("remote")).get(Doubling.class);
        assertThat(IntStream.range(0, 10).map(doubling::twice).toArray()).containsExactly(0, 2, 4, 6, 8, 10, 12, 14, 16, 18);
        serving.deregister(Doubling.class);
    }

    /** Each node tells of its own keys alone. */
    private static void keyEvents(RedissonClients clients) {
        List<String> expired = new CopyOnWriteArrayList<>();
        List<String> deleted = new CopyOnWriteArrayList<>();
        List<String> names = IntStream.range(0, 12).mapToObj(i -> clients.name("event" + i)).toList();
        for (String name : names) {
            RBucket<String> bucket = clients.two().getBucket(name);
            bucket.addListener((ExpiredObjectListener) expired::add);
            bucket.addListener((DeletedObjectListener) deleted::add);
            clients.one().getBucket(name).set("x", Duration.ofMillis(100));
        }
        await(() -> expired.size() >= names.size());
        assertThat(expired).as("each once").containsExactlyInAnyOrderElementsOf(names);
        names.forEach(name -> clients.one().getBucket(name).set("x"));
        names.forEach(name -> clients.one().getBucket(name).delete());
        await(() -> deleted.size() >= names.size());
        assertThat(deleted).containsExactlyInAnyOrderElementsOf(names);
    }
}
