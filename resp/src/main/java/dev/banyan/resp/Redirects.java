package dev.banyan.resp;

import dev.banyan.resp.wire.Reply;
import dev.banyan.resp.wire.ReplyWriter;
import io.netty.buffer.ByteBuf;

/**
 * At a Redis Cluster, commands that a node sends elsewhere: MOVED and ASK are followed, unseen by the client. Only there commands are kept until
 * they are answered. Owned by one IO loop.
 */
final class Redirects {
    private static final int MOST = 5;
    /** Longer commands are not kept: their redirect is the client's. */
    private static final int LONGEST = 1 << 20;
    private static final byte[] ASKING = {'A', 'S', 'K', 'I', 'N', 'G'};

    private final RouterLoop loop;

    Redirects(RouterLoop loop) {
        this.loop = loop;
    }

    Recipient of(ClientSession session, Call call) {
        if (call.size() > LONGEST) {
            return session;
        }
        byte[] command = new byte[call.size()];
        call.buffer().getBytes(call.start(), command);
        return new Kept(session, command);
    }

    private final class Kept implements Recipient {
        private final ClientSession session;
        private final byte[] command;
        private Node asked;
        private int followed;
        private boolean begun;

        Kept(ClientSession session, byte[] command) {
            this.session = session;
            this.command = command;
        }

        @Override
        public void answer(long note, ByteBuf from, int length, boolean last) {
            if (!begun && last && from.getByte(from.readerIndex()) == '-' && NodeConnection.read(from, length) instanceof Reply.Failure(String text) && follow(note, text)) {
                return;
            }
            begun = true;
            session.answer(note, from, length, last);
        }

        private boolean follow(long note, String text) {
            Redirect to = Redirect.parse(text, asked == null ? loop.placement().node(0).address() : asked.address()).orElse(null);
            if (to == null || followed++ == MOST) {
                return false;
            }
            loop.router().redirected();
            asked = ClusterMap.node(to.target());
            NodeConnection connection = loop.redirected(session.state().links(), asked);
            if (connection == null) {
                return false;
            }
            if (to.kind() == Redirect.Kind.ASK) {
                connection.expect(Collecting.NOBODY, 0);
                ReplyWriter.command(connection.out(), ASKING);
            }
            connection.expect(this, note);
            connection.out().writeBytes(command);
            return true;
        }

        @Override
        public void lost(long note, String why) {
            session.lost(note, why);
        }

        @Override
        public boolean isFull(NodeConnection connection) {
            return session.isFull(connection);
        }

        @Override
        public void tooSlow() {
            session.tooSlow();
        }
    }
}
