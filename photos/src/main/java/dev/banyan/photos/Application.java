package dev.banyan.photos;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.server.Request;

/** Everything that needs the database, wired together: one instance of the application once the database is there. */
final class Application {
    private final Database database;
    private final Listener listener;
    private final Announcer announcer;
    private final Live live;
    private final Accounts accounts;
    private final Routes routes;
    private final PageActions pages;

    private Application(Database database, Settings settings) throws SQLException {
        this.database = database;
        this.live = new Live(database);
        this.listener = new Listener(database, live::deliver);
        this.announcer = new Announcer(database);
        this.accounts = new Accounts(database, new Passwords(settings.passwordRounds()));
        Gallery gallery = new Gallery(database, announcer);
        Social social = new Social(database, announcer);
        this.pages = new PageActions(accounts, gallery, social, settings.instance());
        this.routes = new Routes();
        pages.addTo(routes);
        new ApiActions(accounts, gallery, social).addTo(routes);
        new MediaActions(new MediaStore(database)).addTo(routes);
        new Assets().addTo(routes);
    }

    /** Waits for the database, brings its schema up to date and starts listening. */
    static Application start(Settings settings) throws IOException, SQLException, InterruptedException {
        Database database = Database.open(settings);
        try {
            Migrations.apply(database);
            return new Application(database, settings);
        } catch (SQLException | RuntimeException e) {
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
        database.close();
    }
}
