package dev.banyan.control.database;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.HostPort;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The embedded database servers, as control uses them, each by its name, as {@code db-2}. Thread-safe; nearly everything blocks. Whatever is
 * asked twice does no harm. No server is ever started but by {@link #start}: one that ends by itself is only told of ({@link #onEnd}).
 *
 * <p>Whatever cannot be done throws a {@link BanyanException}; after that it may have been done, in part or whole, or not.
 */
public interface DatabaseServers {
    /**
     * Starts a server and waits until it takes connections; does nothing when it runs. A primary without data gets a new, empty database. A
     * server with a standby's data that is started as PRIMARY is promoted, and one with a primary's data is not started as STANDBY unless
     * {@link #follow} was called for it.
     */
    void start(String name, Role role) throws InterruptedException;

    /**
     * Makes the server's data anew, as a copy of a running one, ready to be started as its standby; whatever data it had is gone. It is there whole or not at
     * all, whenever this is cut short. An interrupt ends it.
     *
     * @param progress hears how far it is, as {@code 120 of 400 MB}, a few times a second at most
     */
    void cloneFrom(String name, String source, Consumer<String> progress) throws InterruptedException;

    /** Makes a running standby a primary and waits until it takes writes; does nothing when it is one. */
    void promote(String name) throws InterruptedException;

    /**
     * Ends the server's processes, whatever state they are in: when this returns, none of them runs, none of their connections will ever be answered, and none
     * starts but by {@link #start}. Does nothing when none runs.
     */
    void fence(String name) throws InterruptedException;

    /**
     * From now on, and when it is started, the server is a standby that follows this primary. One that was a primary and was {@link #stop stopped}
     * cleanly may be made a standby so; then it has to be started.
     */
    void follow(String name, String primary) throws InterruptedException;

    /**
     * From now on, also after a restart, commits at the primary wait until any one of these standbys has them on disk; for none when the list is
     * empty. When this returns, the setting is in effect for every session.
     */
    void synchronous(String primary, List<String> standbys) throws InterruptedException;

    /** Looks how a server is, for at most that long. Never throws but when it is interrupted. */
    Look look(String name, Duration atMost) throws InterruptedException;

    /**
     * Ends the server cleanly: clients are cut off, and all of its log is written and sent to the standbys that stream. Does nothing when it does not run.
     *
     * @return where its log ends, its last checkpoint included, in bytes from the beginning; empty when it did not run, had to be killed or that is not known
     */
    OptionalLong stop(String name) throws InterruptedException;

    /** Deletes the server's data and all that was kept for it, at its primary too. It does not run. Does nothing when there is none. */
    void delete(String name) throws InterruptedException;

    /** Where the server listens, at every start the same. */
    HostPort address(String name);

    /** The servers that have data on disk, whether they run or not. */
    Set<String> names();

    /** Hears the name of each server whose process ended without having been asked to, on any thread; must not block. */
    void onEnd(Consumer<String> ended);
}
