package dev.banyan.http;

import static dev.banyan.http.wire.HeadBuffer.ascii;

import dev.banyan.http.gateway.FileAnswer;
import dev.banyan.http.gateway.FileRequest;
import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.HeadBuffer;
import dev.banyan.http.wire.LocalAnswer;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * The way of one request to a file of a folder: looked up and opened where the disk may be waited for, sent as fast as the client takes it.
 * Reused by its transaction for one request after the other. Owned by one IO loop.
 */
final class FileWay {
    private static final LocalAnswer FAILED = new LocalAnswer(500, "the file could not be looked up", 0);

    private final Lane lane;
    private final Transaction transaction;
    private final CachedAnswer answer;
    private boolean waiting;
    /** Tells news for this request from news for an earlier one. */
    private int turn;

    FileWay(Lane lane, Transaction transaction) {
        this.lane = lane;
        this.transaction = transaction;
        this.answer = new CachedAnswer(lane, transaction);
    }

    void begin(FileRequest file) {
        waiting = true;
        int asked = ++turn;
        file.open(lane.door.blocking(), lane.millis())
                .exceptionally(_ -> new FileAnswer.Local(FAILED))
                .thenAccept(found -> lane.loop.execute(() -> found(asked, found)));
    }

    private void found(int asked, FileAnswer found) {
        boolean gone = !waiting || asked != turn;
        switch (found) {
            case FileAnswer.Local(LocalAnswer said) when !gone -> {
                waiting = false;
                transaction.refuseFile(said);
            }
            case FileAnswer.Content content when !gone -> {
                waiting = false;
                send(content, lane.now());
            }
            case FileAnswer.Local _ -> { }
            case FileAnswer.Content content -> content.content().close();
        }
    }

    private void send(FileAnswer.Content content, long now) {
        HeadBuffer out = lane.headBuffer.clear().put(ascii("HTTP/1.1 " + HttpResponseStatus.valueOf(content.status()) + "\r\n"));
        for (FieldLine field : content.fields()) {
            out.put(ascii(field.name() + ": " + field.value() + "\r\n"));
        }
        out.put(ascii("Content-Length: " + content.length() + "\r\n\r\n"));
        if (transaction.isHead()) {
            content.content().close();
            answer.headOnly(now);
        } else {
            answer.stream(content.content(), content.length(), now);
        }
    }

    /** The client takes more again. */
    void resume() {
        answer.resume();
    }

    /** The client has gone. */
    void leave() {
        waiting = false;
        answer.end();
    }

    long sent() {
        return answer.sent();
    }
}
