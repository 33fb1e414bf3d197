package dev.banyan.resp.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The commands of a node, by name in any letters' case. Immutable; looking one up allocates nothing. */
public final class CommandTable {
    private final Map<String, Command> byName;
    /** Open addressing: names and their commands, at most half full. */
    private final byte[][] names;
    private final Command[] commands;
    private final int mask;

    private CommandTable(Map<String, Command> byName) {
        this.byName = byName;
        mask = Integer.highestOneBit(Math.max(8, byName.size()) * 4) - 1;
        names = new byte[mask + 1][];
        commands = new Command[mask + 1];
        byName.values().forEach(this::put);
    }

    private void put(Command command) {
        byte[] name = command.name().getBytes(StandardCharsets.ISO_8859_1);
        int hash = 0;
        for (byte letter : name) {
            hash = hash(hash, letter);
        }
        int slot = slot(hash);
        while (commands[slot] != null) {
            slot = slot + 1 & mask;
        }
        names[slot] = name;
        commands[slot] = command;
    }

    /** What this was written with knows: Redis 7.0.15. */
    public static CommandTable builtIn() {
        return BuiltIn.TABLE;
    }

    /**
     * Of a node's answer to {@code COMMAND}. What an older node leaves out of a command that it has, which its subcommands are and where it has
     * keys, is filled in from {@link #builtIn}.
     *
     * @throws ProtocolFault when it is no such answer
     */
    public static CommandTable of(Reply answer) {
        return of(CommandAnswer.read(answer, builtIn()));
    }

    static CommandTable of(Collection<Command> commands) {
        Map<String, Command> byName = new LinkedHashMap<>();
        commands.forEach(command -> byName.put(command.name(), command));
        return new CommandTable(byName);
    }

    /** The command of that name, without its subcommand; null for an unknown one. */
    public Command find(ByteBuf buffer, int start, int length) {
        int hash = 0;
        for (int i = 0; i < length; i++) {
            hash = hash(hash, small(buffer.getByte(start + i)));
        }
        for (int slot = slot(hash); commands[slot] != null; slot = slot + 1 & mask) {
            if (is(names[slot], buffer, start, length)) {
                return commands[slot];
            }
        }
        return null;
    }

    private static boolean is(byte[] name, ByteBuf buffer, int start, int length) {
        if (name.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (name[i] != small(buffer.getByte(start + i))) {
                return false;
            }
        }
        return true;
    }

    /** The command of a call: the subcommand if it has such a one, else the command; null for an unknown one. */
    public Command find(Arguments call) {
        if (call.count() == 0) {
            return null;
        }
        int hash = hash(0, call, 0);
        Command command = find(call, hash, false);
        Command sub = command == null || call.count() == 1 ? null : find(call, hash(hash(hash, (byte) '|'), call, 1), true);
        return sub == null ? command : sub;
    }

    private static int hash(int hash, Arguments call, int argument) {
        int result = hash;
        for (int i = 0; i < call.length(argument); i++) {
            result = hash(result, small(call.at(argument, i)));
        }
        return result;
    }

    private Command find(Arguments call, int hash, boolean sub) {
        for (int slot = slot(hash); commands[slot] != null; slot = slot + 1 & mask) {
            if (is(names[slot], call, sub)) {
                return commands[slot];
            }
        }
        return null;
    }

    private static boolean is(byte[] name, Arguments call, boolean sub) {
        int parent = call.length(0);
        if (name.length != (sub ? parent + 1 + call.length(1) : parent) || !begins(name, 0, call, 0)) {
            return false;
        }
        return !sub || name[parent] == '|' && begins(name, parent + 1, call, 1);
    }

    private static boolean begins(byte[] name, int from, Arguments call, int argument) {
        for (int i = 0; i < call.length(argument); i++) {
            if (name[from + i] != small(call.at(argument, i))) {
                return false;
            }
        }
        return true;
    }

    /** The command of a name in small letters, {@code config|get} for a subcommand; null for an unknown one. */
    public Command find(String name) {
        return byName.get(name);
    }

    public Collection<Command> commands() {
        return List.copyOf(byName.values());
    }

    /**
     * Finds the keys of one call.
     *
     * @param into takes the keys' arguments, the name being 0, as many as there is room for
     * @return how many keys the call has; -1 when that cannot be known, or the call is none that the node would take
     */
    public int keys(Command command, Arguments call, int[] into) {
        return KeyFinder.find(command, call, into);
    }

    private int slot(int hash) {
        return (hash ^ hash >>> 15) & mask;
    }

    private static int hash(int hash, byte letter) {
        return hash * 31 + letter;
    }

    private static byte small(byte letter) {
        return letter >= 'A' && letter <= 'Z' ? (byte) (letter + 32) : letter;
    }

    private static final class BuiltIn {
        static final CommandTable TABLE = of(CommandLine.builtIn());
    }
}
