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
    /** Open addressing, at most half full: a command's name and what it is. */
    private final byte[][] names;
    private final Command[] commands;
    /** Whether the command there has subcommands. */
    private final boolean[] parents;
    private final int mask;
    private final int longest;

    private CommandTable(Map<String, Command> byName) {
        this.byName = byName;
        mask = Integer.highestOneBit(Math.max(8, byName.size()) * 4) - 1;
        names = new byte[mask + 1][];
        commands = new Command[mask + 1];
        parents = new boolean[mask + 1];
        byName.values().forEach(this::put);
        byName.values().forEach(this::markParent);
        longest = byName.keySet().stream().mapToInt(String::length).max().orElse(0);
    }

    private void put(Command command) {
        byte[] name = command.name().getBytes(StandardCharsets.ISO_8859_1);
        int slot = slot(hash(0, Arguments.of(name), 0));
        while (commands[slot] != null) {
            slot = slot + 1 & mask;
        }
        names[slot] = name;
        commands[slot] = command;
    }

    private void markParent(Command sub) {
        int bar = sub.name().indexOf('|');
        if (bar < 0) {
            return;
        }
        Arguments parent = Arguments.of(sub.name().substring(0, bar).getBytes(StandardCharsets.ISO_8859_1));
        int slot = find(parent, hash(0, parent, 0), false);
        if (slot >= 0) {
            parents[slot] = true;
        }
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
        if (length > longest) {
            return null;
        }
        int hash = 0;
        for (int i = 0; i < length; i++) {
            hash = hash(hash, buffer.getByte(start + i));
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
        if (call.count() == 0 || call.length(0) > longest) {
            return null;
        }
        int hash = hash(0, call, 0);
        int slot = find(call, hash, false);
        if (slot < 0) {
            return null;
        }
        if (parents[slot] && call.count() > 1 && call.length(1) < longest) {
            int sub = find(call, hash(hash(hash, (byte) '|'), call, 1), true);
            return commands[sub < 0 ? slot : sub];
        }
        return commands[slot];
    }

    private int find(Arguments call, int hash, boolean sub) {
        for (int slot = slot(hash); commands[slot] != null; slot = slot + 1 & mask) {
            if (is(names[slot], call, sub)) {
                return slot;
            }
        }
        return -1;
    }

    private static boolean is(byte[] name, Arguments call, boolean sub) {
        int parent = call.length(0);
        if (name.length != (sub ? parent + 1 + call.length(1) : parent) || !holds(name, 0, call, 0)) {
            return false;
        }
        return !sub || name[parent] == '|' && holds(name, parent + 1, call, 1);
    }

    private static boolean holds(byte[] name, int from, Arguments call, int argument) {
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
     * @param command as {@link #find(Arguments)} has it, for only a subcommand knows of its keys
     * @param into takes the keys' arguments, the name being 0, as many as there is room for
     * @return how many keys the call has; -1 when that cannot be known, or the call is none that the node would take
     */
    public int keys(Command command, Arguments call, int[] into) {
        return KeyFinder.find(command, call, into);
    }

    private int slot(int hash) {
        return (hash ^ hash >>> 15) & mask;
    }

    private static int hash(int hash, Arguments call, int argument) {
        int result = hash;
        for (int i = 0; i < call.length(argument); i++) {
            result = hash(result, call.at(argument, i));
        }
        return result;
    }

    private static int hash(int hash, byte letter) {
        return hash * 31 + small(letter);
    }

    private static byte small(byte letter) {
        return letter >= 'A' && letter <= 'Z' ? (byte) (letter + 32) : letter;
    }

    private static final class BuiltIn {
        static final CommandTable TABLE = of(CommandLine.builtIn());
    }
}
