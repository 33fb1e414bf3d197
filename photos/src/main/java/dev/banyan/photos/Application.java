package dev.banyan.photos;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.server.Request;

/** Everything that needs the database or the cache, wired together: one instance of the application once the database is there. */
final class Application {
    private final Database database;
    private final Cache cache;
    private final ViewCount views;
    private final Recount recount;
    private final Listener listener;
    private final Announcer announcer;
    private final Live live;
    private final Accounts accounts;
    private final Routes routes;
    private final PageActions pages;

    private Application(Database database, Cache cache, Settings settings) throws SQLException {
        this.database = database;
        this.live = new Live(database);
        this.listener = new Listener(database, live::deliver);
        this.announcer = new Announcer(database);
        this.cache = cache;
        this.views = new ViewCount(database, cache);
        this.recount = new Recount(database, cache, Recount.BETWEEN_LOOKS);
        this.accounts = new Accounts(database, cache, new Passwords(settings.passwordRounds()));
        Counters counters = new Counters(database, cache, recount::doubt);
        MediaStore media = new MediaStore(database, cache);
        Gallery gallery = new Gallery(database, cache, views, announcer, media);
        Social social = new Social(database, cache, counters, announcer);
        this.pages = new PageActions(accounts, gallery, social, settings.instance());
        this.routes = new Routes();
        pages.addTo(routes);
        new ApiActions(accounts, gallery, social).addTo(routes);
        new MediaActions(media).addTo(routes);
        new Assets().addTo(routes);
    }

    /** Waits for the database, brings its schema up to date and starts listening. */
    static Application start(Settings settings) throws IOException, SQLException, InterruptedException {
        Database database = Database.open(settings);
        Cache cache = settings.redis().<Cache>map(address -> new RedisCache(address, settings.instance())).orElse(Cache.NONE);
        try {
            Migrations.apply(database);
            return new Application(database, cache, settings);
        } catch (SQLException | RuntimeException e) {
            cache.close();
            database.close();
            throw e;
        }
    }

    boolean healthy() {
        return listener.databaseLives();
    }

    Routes routes() {
        return routes;
    }

    Live live() {
        return live;
    }

    Accounts accounts() {
        return accounts;
    }

    Exchange exchange(Request request, Routes.Match match) {
        Map<String, String> path = match instanceof Routes.Match.Found found ? found.path() : Map.of();
        return new Exchange(request, path, accounts);
    }

    /** The problem as the API's JSON or as a page, whichever the client talks. */
    Answer failure(Exchange exchange, Problem problem) {
        return exchange.api() ? Answer.problem(problem) : pages.failure(exchange, problem);
    }

    Optional<Viewer> viewer(Request request) throws SQLException {
        return Exchange.viewer(request, accounts);
    }

    /** Tells the threads to end; {@link #stop()} waits for them. */
    void ending() {
        listener.ending();
    }

    void stop() throws InterruptedException {
        announcer.stop();
        listener.ending();
        listener.stop();
        views.stop();
        recount.stop();
        cache.close();
        database.close();
    }
}
