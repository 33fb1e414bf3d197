package dev.banyan.cache;

import dev.banyan.resp.Store;
import dev.banyan.resp.wire.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A Lua script of one key, sent by its hash, and whole where a node does not know it yet. */
record Script(byte[] text, byte[] sha) {
    private static final byte[] EVAL = "EVAL".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVALSHA = "EVALSHA".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ONE = {'1'};

    /** The resource NAME.lua behind common.lua. */
    static Script named(String name) {
        return of(resource("common.lua") + resource(name + ".lua"));
    }

    static Script of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            byte[] sha = MessageDigest.getInstance("SHA-1").digest(bytes);
            return new Script(bytes, HexFormat.of().formatHex(sha).getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String resource(String name) {
        try (InputStream in = Script.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs it at the node of the key. */
    CompletionStage<Reply> run(Store store, byte[] key, byte[]... arguments) {
        return runOn(store, key, key, arguments);
    }

    /** Runs it at the node of a key, on another key that lies there too. */
    CompletionStage<Reply> runOn(Store store, byte[] nodeOf, byte[] key, byte[]... arguments) {
        return store.send(nodeOf, command(EVALSHA, sha, key, arguments)).thenCompose(reply -> {
            boolean unknown = reply instanceof Reply.Failure(String why) && why.startsWith("NOSCRIPT");
            return unknown ? store.send(nodeOf, command(EVAL, text, key, arguments)) : CompletableFuture.completedFuture(reply);
        });
    }

    private static byte[][] command(byte[] name, byte[] script, byte[] key, byte[][] arguments) {
        byte[][] command = new byte[4 + arguments.length][];
        command[0] = name;
        command[1] = script;
        command[2] = ONE;
        command[3] = key;
        System.arraycopy(arguments, 0, command, 4, arguments.length);
        return command;
    }
}
