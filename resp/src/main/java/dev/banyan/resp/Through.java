package dev.banyan.resp;

import dev.banyan.balance.Hash64;
import dev.banyan.resp.wire.Reply;
import dev.banyan.resp.wire.ReplyWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The nodes for the router's own purposes: on the loop of whoever asks where it is one, so that what two ask of a node is one packet. Safe for any thread. */
final class Through implements Store {
    private static final byte[] GET = "GET".getBytes(StandardCharsets.US_ASCII);

    private final RespRouter router;

    Through(RespRouter router) {
        this.router = router;
    }

    @Override
    public CompletionStage<Reply> send(byte[] key, byte[]... command) {
        CompletableFuture<Reply> answer = new CompletableFuture<>();
        on(router.here(), loop -> send(loop, key, command, answer));
        return answer;
    }

    private interface Task {
        void run(RouterLoop loop);
    }

    private static void on(RouterLoop loop, Task task) {
        if (loop.eventLoop().inEventLoop()) {
            task.run(loop);
        } else {
            loop.eventLoop().execute(() -> task.run(loop));
        }
    }

    private static void send(RouterLoop loop, byte[] key, byte[][] command, CompletableFuture<Reply> answer) {
        int node = loop.placement().size() == 0 ? -1 : loop.placement().nodeOf(key, key.length);
        Links links = loop.links(3, 0);
        NodeConnection connection = node < 0 ? null : links.to(node);
        if (connection == null) {
            answer.completeExceptionally(new NodeDown(node < 0 ? Texts.NO_NODES : links.why(node)));
            return;
        }
        NearReads near = loop.near();
        int code = -1;
        if (near != null) {
            near.begin();
            near.changes(key, key.length);
            code = near.code();
        }
        int written = code;
        connection.expect(new Collecting(reply -> {
            if (written >= 0) {
                loop.written(written);
            }
            answer.complete(reply);
        }, why -> {
            if (written >= 0) {
                loop.written(written);
            }
            answer.completeExceptionally(new NodeDown(why));
        }), 0);
        ReplyWriter.command(connection.out(), command);
    }

    @Override
    public CompletionStage<Reply> get(byte[] key) {
        CompletableFuture<Reply> answer = new CompletableFuture<>();
        on(router.here(), loop -> get(loop, key, answer));
        return answer;
    }

    private static void get(RouterLoop loop, byte[] key, CompletableFuture<Reply> answer) {
        NearReads near = loop.near();
        int node = loop.placement().size() == 0 ? -1 : loop.placement().nodeOf(key, key.length);
        Links links = loop.links(3, 0);
        NodeConnection connection = node < 0 ? null : links.to(node);
        if (connection == null) {
            answer.completeExceptionally(new NodeDown(node < 0 ? Texts.NO_NODES : links.why(node)));
            return;
        }
        long hash = Hash64.of(key, 0, key.length);
        if (near == null || !near.isHot(key, key.length, hash)) {
            connection.expect(new Collecting(answer::complete, why -> answer.completeExceptionally(new NodeDown(why))), 0);
            ReplyWriter.command(connection.out(), GET, key);
            return;
        }
        byte[] copy = near.get(key, key.length, hash);
        if (copy != null) {
            loop.figures().nearHits++;
            answer.complete(copy == NearCache.NO_SUCH_KEY ? Reply.NULL : new Reply.Bulk(copy));
            return;
        }
        near.fill(connection, node, key, key.length, hash, new NearReads.Filled() {
            @Override
            public void filled(Reply reply) {
                answer.complete(reply);
            }

            @Override
            public void lost(String why) {
                answer.completeExceptionally(new NodeDown(why));
            }
        });
    }
}
