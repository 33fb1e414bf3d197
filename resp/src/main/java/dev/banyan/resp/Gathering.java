package dev.banyan.resp;

import dev.banyan.resp.wire.Command;
import dev.banyan.resp.wire.Reply;
import dev.banyan.resp.wire.ReplyWriter;
import dev.banyan.resp.wire.Slots;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Commands that concern several nodes: asked in parts, answered as one. When a part fails, the whole is answered with its error: only what may be
 * done in parts is done so. Owned by one IO loop.
 */
final class Gathering {
    private final ClientSession session;
    private final RouterLoop loop;

    Gathering(ClientSession session, RouterLoop loop) {
        this.session = session;
        this.loop = loop;
    }

    /** A part of a command: what is asked, and the positions of its keys in the whole. */
    private record Part(int node, byte[][] command, int[] positions) {}

    // ---- MGET, DEL, UNLINK, EXISTS, TOUCH ----

    boolean split(Command command, Call call) {
        if (!session.isIdle()) {
            return false;
        }
        if (!command.takes(call.count())) {
            session.answer(Reply.failure(Texts.wrongCount(command.name())));
            return true;
        }
        loop.figures().split++;
        byte[][] arguments = call.all();
        boolean list = command.name().equals("mget");
        boolean writes = !command.is(Command.Flag.READONLY);
        int ticket = hold();
        Map<Integer, List<Integer>> byNode = new LinkedHashMap<>();
        List<CompletableFuture<List<Reply>>> answers = new ArrayList<>();
        List<int[]> positions = new ArrayList<>();
        for (int i = 1; i < arguments.length; i++) {
            int rule = loop.router().declared().rule(arguments[i], arguments[i].length);
            if (rule >= 0) {
                answers.add(declared(rule, list ? "GET" : command.name(), arguments[i]));
                positions.add(new int[] {i - 1});
            } else {
                byNode.computeIfAbsent(node(arguments[i]), _ -> new ArrayList<>()).add(i);
            }
        }
        byNode.forEach((node, keys) -> {
            Part part = part(node, arguments, keys);
            answers.add(ask(part, list, writes));
            positions.add(part.positions());
        });
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).whenComplete((_, _) -> answer(ticket, list, arguments.length - 1, answers, positions));
        return true;
    }

    /** The nodes of a Redis Cluster take keys of one slot at a time only, so each part has one. */
    private int node(byte[] key) {
        int node = loop.placement().nodeOf(key, key.length);
        return loop.placement().slots() && node >= 0 ? Slots.of(key, key.length) << 8 | node : node;
    }

    private int index(int place) {
        return loop.placement().slots() && place >= 0 ? place & 0xff : place;
    }

    private Part part(int place, byte[][] arguments, List<Integer> keys) {
        byte[][] command = new byte[keys.size() + 1][];
        command[0] = arguments[0];
        for (int i = 0; i < keys.size(); i++) {
            command[i + 1] = arguments[keys.get(i)];
        }
        return new Part(index(place), command, keys.stream().mapToInt(i -> i - 1).toArray());
    }

    private CompletableFuture<List<Reply>> declared(int rule, String name, byte[] key) {
        byte[][] command = {name.getBytes(StandardCharsets.US_ASCII), key};
        return session.dispatch().ask(new Request(rule, command)).handle((reply, fault) -> List.of(fault == null ? reply : session.dispatch().failure(fault)));
    }

    private CompletableFuture<List<Reply>> ask(Part part, boolean list, boolean writes) {
        NearReads near = loop.near();
        int stripes = -1;
        if (near != null && writes) {
            near.begin();
            for (int i = 1; i < part.command().length; i++) {
                near.changes(part.command()[i], part.command()[i].length);
            }
            stripes = near.code();
        }
        int code = stripes;
        return ask(part.node(), part.command()).thenApply(reply -> {
            if (code >= 0) {
                loop.written(code);
            }
            return reply instanceof Reply.Array(List<Reply> items) && list ? items : missed(reply, list, part.positions().length);
        });
    }

    /** Of a node that is down: that nothing is there, where that may be said. */
    private List<Reply> missed(Reply reply, boolean list, int keys) {
        boolean down = reply instanceof Reply.Failure(String text) && text.startsWith("NODEDOWN") && loop.router().missesWhenDown();
        return down && list ? IntStream.range(0, keys).mapToObj(_ -> Reply.NULL).toList() : List.of(reply);
    }

    private void answer(int ticket, boolean list, int keys, List<CompletableFuture<List<Reply>>> answers, List<int[]> positions) {
        loop.after(session, () -> {
            List<Reply> parts = answers.stream().flatMap(each -> each.join().stream()).toList();
            Reply failure = parts.stream().filter(Reply.Failure.class::isInstance).findFirst().orElse(null);
            Reply whole = failure != null ? failure : list ? inOrder(keys, answers, positions) : sum(parts);
            release(ticket, whole);
        });
    }

    private static Reply inOrder(int keys, List<CompletableFuture<List<Reply>>> answers, List<int[]> positions) {
        Reply[] items = new Reply[keys];
        for (int part = 0; part < answers.size(); part++) {
            List<Reply> values = answers.get(part).join();
            for (int i = 0; i < positions.get(part).length; i++) {
                items[positions.get(part)[i]] = values.get(i);
            }
        }
        return new Reply.Array(List.of(items));
    }

    private static Reply sum(List<Reply> parts) {
        return new Reply.Number(parts.stream().mapToLong(part -> part instanceof Reply.Number(long value) ? value : 0).sum());
    }

    // ---- All nodes ----

    boolean everywhere(Command command, Call call) {
        if (!session.isIdle()) {
            return false;
        }
        byte[][] arguments = call.all();
        boolean empties = command.name().startsWith("flush") || command.name().equals("swapdb");
        boolean kills = isKill(call);
        int ticket = hold();
        List<CompletableFuture<Reply>> answers = IntStream.range(0, loop.placement().size()).mapToObj(node -> kills ? alone(node, arguments) : ask(node, arguments)).toList();
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).whenComplete((_, _) -> loop.after(session, () -> {
            if (empties) {
                loop.emptied();
            }
            release(ticket, whole(command.name(), subcommand(arguments), answers.stream().map(CompletableFuture::join).toList()));
        }));
        return true;
    }

    /** SCRIPT KILL and FUNCTION KILL: what they end holds up whoever comes behind it. */
    static boolean isKill(Call call) {
        return call.count() == 2 && call.word(1).equals("KILL");
    }

    /** Asks a node on a connection that nobody else waits on. */
    private CompletableFuture<Reply> alone(int node, byte[][] command) {
        CompletableFuture<Reply> answer = new CompletableFuture<>();
        SessionState state = session.state();
        int protocol = state.protocol();
        int database = state.database();
        NodeConnection connection = loop.lease(loop.placement().node(node), protocol, database, RouterLoop.NOBODY);
        connection.expect(new Collecting(reply -> {
            loop.eventLoop().execute(() -> loop.giveBack(connection, protocol, database, true));
            answer.complete(reply);
        }, why -> answer.complete(Reply.failure("NODEDOWN " + why))), 0);
        ReplyWriter.command(connection.out(), command);
        return answer;
    }

    private static String subcommand(byte[][] arguments) {
        return arguments.length < 2 ? "" : new String(arguments[1], StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
    }

    /** One answer of all of them. */
    private static Reply whole(String command, String sub, List<Reply> answers) {
        Reply failure = answers.stream().filter(Reply.Failure.class::isInstance).findFirst().orElse(null);
        if (sub.equals("kill")) {
            return answers.stream().filter(each -> !(each instanceof Reply.Failure)).findFirst().orElse(failure);
        }
        if (failure != null) {
            return failure;
        }
        return switch (command) {
            case "dbsize" -> sum(answers);
            case "keys" -> new Reply.Array(answers.stream().flatMap(each -> items(each).stream()).toList());
            case "randomkey" -> answers.stream().filter(each -> !(each instanceof Reply.Null)).findFirst().orElse(Reply.NULL);
            case "script" -> sub.equals("exists") ? least(answers) : answers.getFirst();
            default -> answers.getFirst();
        };
    }

    private static List<Reply> items(Reply reply) {
        return reply instanceof Reply.Array(List<Reply> items) ? items : List.of();
    }

    /** A script exists when it does so everywhere. */
    private static Reply least(List<Reply> answers) {
        List<Reply> first = items(answers.getFirst());
        return new Reply.Array(IntStream.range(0, first.size())
                .<Reply>mapToObj(i -> new Reply.Number(answers.stream().mapToLong(each -> items(each).get(i) instanceof Reply.Number(long value) ? value : 0).min().orElse(0)))
                .toList());
    }

    // ---- SCAN: node by node ----

    boolean scan(Command command, Call call) {
        if (!session.isIdle()) {
            return false;
        }
        if (!command.takes(call.count())) {
            session.answer(Reply.failure(Texts.wrongCount("scan")));
            return true;
        }
        byte[][] arguments = call.all();
        ScanCursor cursor = ScanCursor.parse(new String(arguments[1], StandardCharsets.US_ASCII));
        if (cursor == null || cursor.node() >= loop.placement().size()) {
            session.answer(Reply.failure("ERR invalid cursor"));
            return true;
        }
        arguments[1] = Long.toUnsignedString(cursor.within()).getBytes(StandardCharsets.US_ASCII);
        int ticket = hold();
        ask(cursor.node(), arguments).thenAccept(reply -> loop.after(session, () -> release(ticket, next(cursor, reply))));
        return true;
    }

    private Reply next(ScanCursor at, Reply reply) {
        if (!(reply instanceof Reply.Array(List<Reply> items)) || items.size() != 2 || !(items.getFirst() instanceof Reply.Bulk cursor)) {
            return reply;
        }
        String next = at.next(Long.parseUnsignedLong(cursor.text()), loop.placement().size());
        return next == null ? Reply.failure("ERR the node's cursor is too long to be put into one of several nodes") : new Reply.Array(List.of(Reply.bulk(next), items.get(1)));
    }

    // ---- What they share ----

    private int hold() {
        int ticket = session.answers().ticket();
        session.hold();
        return ticket;
    }

    private void release(int ticket, Reply reply) {
        session.answer(ticket, reply);
        session.release();
    }

    /** Asks a node on the shared connection; a failure of its own where there is no answer. */
    private CompletableFuture<Reply> ask(int node, byte[][] command) {
        CompletableFuture<Reply> answer = new CompletableFuture<>();
        Links links = session.state().links();
        NodeConnection connection = node < 0 ? null : session.dispatch().connection(node);
        if (connection == null) {
            answer.complete(Reply.failure(node < 0 ? Texts.NO_NODES : "NODEDOWN " + links.why(node)));
            return answer;
        }
        connection.expect(new Collecting(answer::complete, why -> answer.complete(Reply.failure("NODEDOWN " + why))), 0);
        ReplyWriter.command(connection.out(), command);
        return answer;
    }
}
