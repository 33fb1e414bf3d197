package dev.banyan.resp;

import dev.banyan.resp.wire.Command;

/**
 * What the router has to know of a command each time it comes, found out once.
 *
 * @param way what is done with it
 * @param isBlocking whether it may wait by itself
 * @param isChannel whether its "keys" are channels
 * @param writes whether it may change its keys
 * @param grows whether it may need memory at its node
 * @param isGet whether it is GET, which near copies answer
 * @param oneKey whether its first argument is its one key, whatever else it says
 * @param miss what is answered when the key is not there
 */
record Handling(Way way, boolean isBlocking, boolean isChannel, boolean writes, boolean grows, boolean isGet, boolean oneKey, Note.Miss miss) {
    static Handling of(Command command) {
        boolean isChannel = command.is(Command.Flag.PUBSUB);
        return new Handling(
                Way.of(command.name()),
                command.is(Command.Flag.BLOCKING),
                isChannel,
                !isChannel && !command.is(Command.Flag.READONLY),
                command.is(Command.Flag.DENYOOM),
                command.name().equals("get"),
                command.first() == 1 && command.last() == 1 && command.specs().size() <= 1 && !command.is(Command.Flag.MOVABLEKEYS),
                Misses.of(command.name()));
    }
}
