package dev.banyan.http;

import dev.banyan.balance.Outcome;
import dev.banyan.http.gateway.Call;
import dev.banyan.http.gateway.Check;
import dev.banyan.http.gateway.Passage;
import dev.banyan.http.gateway.RouteTable;
import dev.banyan.http.gateway.limits.ServiceGuard;
import dev.banyan.http.gateway.limits.ServiceGuards;
import dev.banyan.http.gateway.limits.ServicePass;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.http.wire.RequestHead;
import dev.banyan.http.wire.ResponseHead;
import dev.banyan.net.Deadlines;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * The way of one request through the gateway: its {@link Passage}, the request itself while a check takes its time, and its place at the
 * service that it goes to. Lent by its lane to one transaction after the other. Owned by one IO loop.
 */
final class GatewayWay {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);
    private static final int SWITCHING = 101;

    private final Lane lane;
    private final Call call = new Call();
    private final Passage passage;
    private final ServicePass pass = new ServicePass();
    private final HeldRequest held = new HeldRequest();
    private final Timer timer = new Timer();
    private Transaction transaction;
    private boolean waiting;
    /** Tells news for this request from news for an earlier one. */
    private int turn;

    GatewayWay(Lane lane) {
        this.lane = lane;
        this.passage = new Passage(lane.random);
    }

    /**
     * Begins; {@link #end} must follow. Whoever is not let on has been answered, or is when a check has told.
     *
     * @return whether the request may go on now
     */
    boolean begin(Transaction of, RouteTable table, RequestHead head, Peer peer, ByteBuf wire, int bodyFrom, int bodyTo, boolean ended, long now) {
        transaction = of;
        turn++;
        call.begin(head, ClientAddress.of(head.fields(), peer, lane.settings()), ClientAddress.secure(head.fields(), peer));
        LocalAnswer answer = passage.pass(table, call, lane.requestId.hex(), now);
        CompletionStage<Check> rest = passage.awaited();
        if (rest != null) {
            held.hold(head, wire, bodyFrom, bodyTo, ended);
            await(rest, now);
            return false;
        }
        return goesOn(answer);
    }

    private boolean goesOn(LocalAnswer answer) {
        if (answer != null) {
            transaction.refuse(answer.edited(call.response()));
        }
        return answer == null;
    }

    private void await(CompletionStage<Check> rest, long now) {
        waiting = true;
        int asked = turn;
        lane.endAt(timer, now + PATIENCE);
        rest.thenAccept(check -> lane.loop.execute(() -> resume(asked, check)));
    }

    private void resume(int asked, Check check) {
        if (!waiting || asked != turn) {
            return;
        }
        waiting = false;
        lane.forget(timer);
        long now = lane.now();
        RequestHead head = held.readInto(lane.request); // where the call has it
        LocalAnswer answer = passage.resume(check, now);
        CompletionStage<Check> more = passage.awaited();
        if (more != null) {
            await(more, now);
        } else if (goesOn(answer)) {
            ByteBuf body = held.takeBody();
            transaction.goOnAfterWait(head, body, body.readerIndex(), body.writerIndex(), held.ended(), now);
            body.release();
        }
    }

    /** Whether the request waits for a check. */
    boolean waiting() {
        return waiting;
    }

    /** More of the body of a request that waits; taken. */
    void body(ByteBuf piece, boolean ended) {
        held.add(piece, ended);
    }

    /** The template of the route that took the request; empty when none did. */
    String route() {
        return passage.template();
    }

    Passage passage() {
        return passage;
    }

    Call call() {
        return call;
    }

    /** What a request is answered that its service cannot take now; null when it is let in, as it always is where nothing guards the service. */
    LocalAnswer admit(long now) {
        ServiceGuards guards = lane.door.guards();
        ServiceGuard guard = guards == null ? null : guards.of(passage.service()).orElse(null);
        LocalAnswer refusal = guard == null ? null : guard.admit(pass, passage.priority(), now);
        return refusal == null ? null : dress(refusal);
    }

    /** What the client gets instead of a service's answer; null when that goes by, changed as {@link #call} says. */
    LocalAnswer instead(ResponseHead head, long now) {
        LocalAnswer page = passage.answered(head);
        pass.answered(now);
        if (page != null || head.status() == SWITCHING) {
            pass.ended(head.status() >= 500 ? Outcome.SERVER_ERROR : Outcome.OK, now); // what follows takes none of what the service can do at a time
        }
        return page == null ? null : page.edited(call.response());
    }

    /** An answer of our own as this site has it. */
    LocalAnswer dress(LocalAnswer answer) {
        return passage.dress(answer).edited(call.response());
    }

    /**
     * The request has ended, however.
     *
     * @param outcome what that says of its service, if it went there
     */
    void end(int status, long nanos, Outcome outcome, long now) {
        pass.ended(outcome, now);
        waiting = false;
        turn++;
        lane.forget(timer);
        held.drop();
        passage.ended(status, nanos, now);
        transaction = null;
    }

    private final class Timer extends Deadlines.Entry {
        @Override
        protected void expired(long nowNanos) {
            waiting = false;
            goesOn(passage.dress(Check.KEPT_WAITING));
        }
    }
}
