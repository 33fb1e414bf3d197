package dev.banyan.resp;

import dev.banyan.resp.wire.Command;
import dev.banyan.resp.wire.Reply;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Commands that the router answers itself: they concern its connection with the client, not the data. Owned by one IO loop. */
final class OwnCommands {
    private static final Set<String> FOR_STRANGERS = Set.of("hello", "auth", "quit", "reset");
    private static final int MOST_DATABASES = 1 << 14;

    private final ClientSession session;
    private final SessionState state;
    private final RouterLoop loop;
    private final Dispatch dispatch;

    OwnCommands(ClientSession session, RouterLoop loop, Dispatch dispatch) {
        this.session = session;
        this.state = session.state();
        this.loop = loop;
        this.dispatch = dispatch;
    }

    /** Whether a client may say it that has not logged in. */
    boolean isForStrangers(Command command) {
        return FOR_STRANGERS.contains(command.name());
    }

    boolean command(Command command, Call call) {
        if (!command.takes(call.count())) {
            return answer(Reply.failure(Texts.wrongCount(command.name())));
        }
        if (command.name().equals("client")) {
            return client(call);
        }
        if (state.replying() != SessionState.Replying.ON && !command.name().equals("reset")) { // whose answer is that of a new client
            dispatch.muteNext();
        }
        return switch (command.name()) {
            case "ping" -> ping(call);
            case "echo" -> answer(new Reply.Bulk(call.bytes(1)));
            case "hello" -> hello(call);
            case "auth" -> auth(call);
            case "select" -> select(call);
            case "quit" -> quit();
            case "reset" -> reset();
            case "readonly", "readwrite", "asking" -> answer(Reply.failure("ERR This instance has cluster support disabled"));
            default -> throw new IllegalStateException(command.name());
        };
    }

    private boolean answer(Reply reply) {
        session.answer(reply);
        return true;
    }

    private boolean ping(Call call) {
        if (call.count() > 2) {
            return answer(Reply.failure(Texts.wrongCount("ping")));
        }
        if (dispatch.isSubscribed() && state.protocol() == 2) {
            return answer(new Reply.Array(List.of(Reply.bulk("pong"), new Reply.Bulk(call.count() > 1 ? call.bytes(1) : new byte[0]))));
        }
        return answer(call.count() > 1 ? new Reply.Bulk(call.bytes(1)) : new Reply.Simple("PONG"));
    }

    private boolean select(Call call) {
        if (!session.isIdle()) {
            return false;
        }
        int database = number(call.text(1));
        if (database < 0 || database >= MOST_DATABASES || database != 0 && loop.placement().slots()) {
            return answer(Reply.failure(database < 0 ? "ERR value is not an integer or out of range" : "ERR DB index is out of range"));
        }
        if (database == state.database()) {
            return answer(Reply.OK);
        }
        if (dispatch.isPinned()) {
            return answer(Reply.failure("ERR SELECT is not possible on a connection with CLIENT TRACKING or MONITOR"));
        }
        if (dispatch.isWatching()) {
            return answer(Reply.failure("ERR SELECT is not possible at the cache router while keys are watched: UNWATCH first"));
        }
        return dispatch.checked(database, call);
    }

    private static int number(String text) {
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
    }

    // ---- Who it is ----

    private boolean auth(Call call) {
        if (loop.router().password().isEmpty()) {
            return answer(Reply.failure("ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?"));
        }
        boolean user = call.count() == 2 || isDefault(call.text(1));
        return answer(call.count() > 3 ? Reply.failure(Texts.SYNTAX) : login(user, call.bytes(call.count() - 1)) ? Reply.OK : Reply.failure(Texts.WRONGPASS));
    }

    /** A URL without a user, redis://:PASSWORD@HOST, has some clients, redis-cli too, give an empty one. */
    private static boolean isDefault(String user) {
        return user.equals("default") || user.isEmpty();
    }

    private boolean login(boolean user, byte[] password) {
        byte[] expected = loop.router().password().map(secret -> secret.reveal().getBytes(StandardCharsets.UTF_8)).orElse(password);
        boolean same = MessageDigest.isEqual(expected, password) && user;
        if (same) {
            state.authenticated(true);
        }
        return same;
    }

    private boolean hello(Call call) {
        if (!session.isIdle()) {
            return false;
        }
        int protocol = call.count() < 2 ? state.protocol() : number(call.text(1));
        if (protocol != 2 && protocol != 3) {
            return answer(Reply.failure(call.count() > 1 && number(call.text(1)) < 0 ? "ERR Protocol version is not an integer or out of range" : Texts.NOPROTO));
        }
        String name = null;
        boolean authenticated = state.authenticated();
        for (int i = 2; i < call.count(); i++) {
            String word = call.word(i);
            if (word.equals("AUTH") && i + 2 < call.count()) {
                if (loop.router().password().isPresent() && !login(isDefault(call.text(i + 1)), call.bytes(i + 2))) {
                    return answer(Reply.failure(Texts.WRONGPASS));
                }
                authenticated = true;
                i += 2;
            } else if (word.equals("SETNAME") && i + 1 < call.count()) {
                name = call.text(++i);
                if (!isName(name)) {
                    return answer(Reply.failure("ERR Client names cannot contain spaces, newlines or special characters."));
                }
            } else {
                return answer(Reply.failure("ERR Syntax error in HELLO option '" + Texts.shown(call, i) + "'"));
            }
        }
        if (!authenticated) {
            return answer(Reply.failure("NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client"
                    + " and select the RESP protocol version at the same time"));
        }
        if (name != null) {
            state.name(name);
        }
        if (protocol != state.protocol()) {
            if (dispatch.isListening() || dispatch.isWatching()) {
                return answer(Reply.failure("ERR HELLO cannot change the protocol of a connection with subscriptions, watched keys, CLIENT TRACKING or MONITOR"));
            }
            state.protocol(protocol);
        }
        return answer(new Reply.Pairs(List.of(
                Reply.bulk("server"), Reply.bulk("redis"),
                Reply.bulk("version"), Reply.bulk(loop.router().version()),
                Reply.bulk("proto"), new Reply.Number(protocol),
                Reply.bulk("id"), new Reply.Number(state.id()),
                Reply.bulk("mode"), Reply.bulk("standalone"),
                Reply.bulk("role"), Reply.bulk("master"),
                Reply.bulk("modules"), new Reply.Array(List.of()))));
    }

    private static boolean isName(String name) {
        return name.chars().allMatch(c -> c > ' ' && c <= '~');
    }

    private boolean quit() {
        session.answer(Reply.OK);
        session.closeWhenAnswered();
        return true;
    }

    private boolean reset() {
        if (!session.isIdle()) {
            return false;
        }
        dispatch.reset();
        state.reset();
        return answer(new Reply.Simple("RESET"));
    }

    // ---- CLIENT ----

    private boolean client(Call call) {
        String verb = call.count() < 2 ? "" : call.word(1);
        if (verb.equals("REPLY")) {
            return reply(call);
        }
        if (state.replying() != SessionState.Replying.ON) {
            dispatch.muteNext();
        }
        return switch (verb) {
            case "ID" -> answer(new Reply.Number(state.id()));
            case "GETNAME" -> answer(state.name().isEmpty() ? Reply.NULL : Reply.bulk(state.name()));
            case "SETNAME" -> setName(call);
            case "SETINFO" -> setInfo(call);
            case "INFO" -> answer(Reply.bulk(ClientLine.of(session) + "\n"));
            case "LIST" -> list(call);
            case "NO-EVICT", "NO-TOUCH" -> answer(Reply.OK);
            case "GETREDIR" -> answer(new Reply.Number(dispatch.redirect()));
            case "TRACKING", "CACHING", "TRACKINGINFO" -> tracking(verb, call);
            case "KILL" -> kill(call);
            case "UNPAUSE" -> answer(Reply.OK);
            case "UNBLOCK" -> unblock(call);
            case "HELP" -> answer(new Reply.Array(List.of(new Reply.Simple("CLIENT <subcommand>: ID, GETNAME, SETNAME, SETINFO, INFO, LIST, KILL, REPLY, TRACKING, CACHING, UNBLOCK of the cache router."))));
            default -> answer(Reply.failure("ERR unknown subcommand '" + Texts.shown(call, 1) + "' of CLIENT at the cache router. Try CLIENT HELP."));
        };
    }

    private boolean setName(Call call) {
        if (call.count() != 3 || !isName(call.text(2))) {
            return answer(Reply.failure(call.count() != 3 ? Texts.wrongCount("client|setname") : "ERR Client names cannot contain spaces, newlines or special characters."));
        }
        state.name(call.text(2));
        return answer(Reply.OK);
    }

    private boolean setInfo(Call call) {
        if (call.count() != 4) {
            return answer(Reply.failure(Texts.wrongCount("client|setinfo")));
        }
        String value = call.text(3);
        if (!isName(value)) {
            return answer(Reply.failure("ERR " + call.text(2).toLowerCase(Locale.ROOT) + " cannot contain spaces, newlines or special characters."));
        }
        switch (call.word(2)) {
            case "LIB-NAME" -> state.library(value);
            case "LIB-VER" -> state.libraryVersion(value);
            default -> {
                return answer(Reply.failure("ERR Unrecognized option '" + Texts.shown(call, 2) + "'"));
            }
        }
        return answer(Reply.OK);
    }

    /** The clients of this loop and the others. */
    private boolean list(Call call) {
        if (!session.isIdle()) {
            return false;
        }
        int ticket = session.answers().ticket();
        session.hold();
        loop.router().clientLines().thenAccept(lines -> loop.after(session, () -> {
            List<String> sorted = new ArrayList<>(lines);
            session.answer(ticket, Reply.bulk(String.join("\n", sorted) + "\n"));
            session.release();
        }));
        return true;
    }

    private boolean kill(Call call) {
        boolean byId = call.count() == 4 && call.word(2).equals("ID");
        if (!byId) {
            return answer(Reply.failure("ERR CLIENT KILL at the cache router takes ID and a client's number"));
        }
        int id = number(call.text(3));
        return ask(id, victim -> {
            if (victim != session) {
                victim.end("another client has ended it");
            }
            return true;
        });
    }

    /** The client waits no longer: it is answered as after its time, or with an error. */
    private boolean unblock(Call call) {
        if (call.count() < 3) {
            return answer(Reply.failure(Texts.wrongCount("client|unblock")));
        }
        String reason = call.count() > 3 ? call.word(3) : "TIMEOUT";
        if (!reason.equals("TIMEOUT") && !reason.equals("ERROR")) {
            return answer(Reply.failure("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR"));
        }
        if (number(call.text(2)) < 0) {
            return answer(Reply.failure("ERR value is not an integer or out of range"));
        }
        boolean error = reason.equals("ERROR");
        return ask(number(call.text(2)), blocked -> blocked.dispatch().unblock(error));
    }

    /** Does something to a client, on its loop; answers 1 when that was done, else 0. */
    private boolean ask(int id, Predicate<ClientSession> task) {
        if (!session.isIdle()) {
            return false;
        }
        int ticket = session.answers().ticket();
        session.hold();
        loop.router().withClient(id, task).thenAccept(done -> loop.after(session, () -> {
            session.answer(ticket, new Reply.Number(done ? 1 : 0));
            session.release();
        }));
        return true;
    }

    private boolean tracking(String verb, Call call) {
        boolean begins = verb.equals("TRACKING") && call.count() > 2 && call.word(2).equals("ON");
        if (!begins && !dispatch.isPinned()) {
            return answer(switch (verb) {
                case "TRACKING" -> call.count() > 2 && call.word(2).equals("OFF") ? Reply.OK : Reply.failure(Texts.SYNTAX);
                case "CACHING" -> Reply.failure("ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled");
                default -> new Reply.Pairs(List.of(Reply.bulk("flags"), new Reply.Members(List.of(Reply.bulk("off"))), Reply.bulk("redirect"), new Reply.Number(-1),
                        Reply.bulk("prefixes"), new Reply.Array(List.of())));
            });
        }
        if (state.protocol() == 2) {
            return answer(Reply.failure("ERR CLIENT TRACKING at the cache router needs RESP3: say HELLO 3 first"));
        }
        int redirect = begins ? IntStream.range(3, call.count() - 1).filter(i -> call.word(i).equals("REDIRECT")).findFirst().orElse(-1) : -1;
        if (redirect < 0) {
            return dispatch.pin(call);
        }
        int client = number(call.text(redirect + 1));
        byte[][] words = call.all();
        byte[][] rest = IntStream.range(0, words.length).filter(i -> i != redirect && i != redirect + 1).mapToObj(i -> words[i]).toArray(byte[][]::new);
        return client < 0 ? answer(Reply.failure("ERR value is not an integer or out of range")) : dispatch.pinFor(client, rest);
    }

    private boolean reply(Call call) {
        String mode = call.count() == 3 ? call.word(2) : "";
        switch (mode) {
            case "ON" -> {
                state.replying(SessionState.Replying.ON);
                return answer(Reply.OK);
            }
            case "OFF" -> state.replying(SessionState.Replying.OFF);
            case "SKIP" -> {
                if (state.replying() != SessionState.Replying.OFF) {
                    state.replying(SessionState.Replying.SKIP);
                }
            }
            default -> {
                if (state.replying() != SessionState.Replying.ON) {
                    dispatch.muteNext();
                }
                return answer(Reply.failure(Texts.SYNTAX));
            }
        }
        return true;
    }
}
