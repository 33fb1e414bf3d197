package dev.banyan.console;

import dev.banyan.telemetry.history.History;
import dev.banyan.telemetry.logs.LogFound;
import dev.banyan.telemetry.logs.LogQuestion;
import java.util.List;
import java.util.Optional;

/** What the console shows. Asked by any thread, {@link #site()} once a second: answers come from memory, at once, where it does not say otherwise. */
public interface SiteView {
    /** The declared site with what is observed of it. */
    Site site();

    /** What the database's router was asked since it opened, by kind of statement. */
    Statements statements();

    /**
     * What the database's router would do with a statement now; empty when the site has no database.
     *
     * @param sql one statement or several, of any length
     */
    Optional<Explanation> explain(String sql);

    /** What the cache's router was asked; empty while the site uses no cache. */
    Optional<Cached> cache();

    /** What the cache's router knows of a key; empty while the site uses no cache. May ask a node, and wait for it for a moment. */
    Optional<KeyExplanation> explainKey(String key);

    /**
     * What would become of a request if it came now; nothing is sent.
     *
     * @throws dev.banyan.topology.BanyanException USAGE when no client could send such a request
     */
    RequestExplanation explain(RequestQuestion asked);

    /** The logs that can be asked for: of servers, engines, Banyan itself. */
    List<String> logs();

    /**
     * The last lines of a log, the newest last; empty when there is no log of this name. May read a file.
     *
     * @param most 1 to 10,000
     */
    Optional<List<String>> logLines(String name, int most);

    /** The figures of the last 24 hours. */
    History history();

    /**
     * Lines of all logs. Reads files, for a second at most.
     *
     * @throws dev.banyan.topology.BanyanException NO_SUCH_THING when there is no log of the name asked for; USAGE when its expression is none
     */
    LogFound search(LogQuestion question);
}
