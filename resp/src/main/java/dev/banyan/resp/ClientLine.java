package dev.banyan.resp;

import java.net.SocketAddress;

/** A client as CLIENT LIST and CLIENT INFO show it: the fields of Redis that the router knows, under their names. */
final class ClientLine {
    private ClientLine() {}

    static String of(ClientSession session) {
        SessionState state = session.state();
        return "id=" + state.id() + " addr=" + address(session.channel().remoteAddress()) + " laddr=" + address(session.channel().localAddress()) + " name=" + state.name()
                + " idle=" + session.silence() / 1_000_000_000 + " db=" + state.database() + " resp=" + state.protocol() + " owed=" + session.answers().unanswered()
                + " lib-name=" + state.library() + " lib-ver=" + state.libraryVersion();
    }

    private static String address(SocketAddress address) {
        return address == null ? "" : address.toString().replaceFirst("^.*/", "");
    }
}
