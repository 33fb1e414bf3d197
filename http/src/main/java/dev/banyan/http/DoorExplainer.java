package dev.banyan.http;

import dev.banyan.balance.Forecast;
import dev.banyan.http.gateway.Call;
import dev.banyan.http.gateway.Explanation;
import dev.banyan.http.gateway.RouteTable;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Follows one request from the front door to a server, and says where that leads: no check is asked, no place taken, nothing counted. */
final class DoorExplainer {
    private final FrontDoor door;
    private final Inquiry inquiry;
    private final Peer peer;
    private final String client;

    DoorExplainer(FrontDoor door, Inquiry inquiry) {
        this.door = door;
        this.inquiry = inquiry;
        this.peer = inquiry.peer(door.settings());
        this.client = ClientAddress.of(inquiry.head().fields(), peer, door.settings());
    }

    /** @param random draws for shares as for any request */
    DoorExplanation explain(RandomGenerator random, long nowNanos) {
        RouteTable routes = door.routes();
        Optional<Explanation> gateway = Optional.ofNullable(routes).map(table -> discreet(table.explain(call(), random, nowNanos)));
        String service = gateway.map(Explanation::service).orElse(FrontDoor.APPLICATION);
        Optional<Upstream> upstream = Optional.ofNullable(door.upstream(service));
        return new DoorExplanation(client, gateway, service, upstream.map(this::forecast), upstream.map(to -> to.waitingRoom().waiting()).orElse(0));
    }

    private Call call() {
        Call call = new Call();
        call.begin(inquiry.head(), client, ClientAddress.secure(inquiry.head().fields(), peer));
        return call;
    }

    private Forecast forecast(Upstream to) {
        DoorSettings settings = door.settings();
        long hash = settings.hash.isPresent() ? Keys.hash(inquiry.head(), peer, settings) : 0;
        String sticky = settings.stickyCookie.length > 0 ? Keys.cookie(inquiry.head().fields(), settings.stickyCookie) : "";
        return to.group().foresee(() -> hash, sticky);
    }

    private Explanation discreet(Explanation said) {
        Discretion hides = inquiry.discretion();
        return new Explanation(
                said.considered().stream().map(one -> new Explanation.Considered(one.route(), one.taken(), hides.in(one.why()))).toList(),
                said.route(), hides.in(said.answer()), hides.in(said.checks()), said.service(), hides.in(said.target()), said.mirror(), hides.in(said.request()), hides.in(said.response()));
    }
}
