package dev.banyan.photos;

import static dev.banyan.photos.Html.html;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The pages for browsers. A form must carry the session's CSRF token; after a change the browser is sent to a page (303). */
final class PageActions {
    private static final String POLICY = "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    private static final int COMMENTS = 200;
    private static final int SUGGESTIONS = 6;

    private final Accounts accounts;
    private final Gallery gallery;
    private final Social social;
    private final String instance;

    PageActions(Accounts accounts, Gallery gallery, Social social, String instance) {
        this.accounts = accounts;
        this.gallery = gallery;
        this.social = social;
        this.instance = instance;
    }

    void addTo(Routes routes) {
        routes.add("GET /", this::home)
                .add("GET /explore", this::explore)
                .add("GET /search", this::search)
                .add("GET /u/{name}", this::profile)
                .add("POST /u/{name}/follow", exchange -> change(exchange, viewer -> social.follow(viewer, exchange.part("name"))))
                .add("POST /u/{name}/unfollow", exchange -> change(exchange, viewer -> social.unfollow(viewer, exchange.part("name"))))
                .add("GET /photos/{id}", this::photo)
                .add("POST /photos/{id}/like", exchange -> change(exchange, viewer -> social.like(viewer, id(exchange))))
                .add("POST /photos/{id}/unlike", exchange -> change(exchange, viewer -> social.unlike(viewer, id(exchange))))
                .add("POST /photos/{id}/comments", this::comment)
                .add("POST /photos/{id}/delete", this::delete)
                .add("GET /upload", exchange -> page(200, FormPages.upload(visit(exchange, exchange.signedIn()).at(Visit.Tab.UPLOAD), "")))
                .add("POST /upload", this::upload)
                .add("GET /login", exchange -> form(exchange, visit -> FormPages.logIn(visit, "", "")))
                .add("POST /login", this::logIn)
                .add("GET /register", exchange -> form(exchange, visit -> FormPages.register(visit, "", "", "")))
                .add("POST /register", this::register)
                .add("POST /logout", this::logOut);
    }

    private Answer home(Exchange exchange) throws SQLException {
        if (exchange.viewer().isEmpty()) {
            return explore(exchange);
        }
        Viewer viewer = exchange.signedIn();
        Answer feed = page(200, PhotoLists.feed(visit(exchange).at(Visit.Tab.FEED), gallery.feed(viewer, Gallery.Ask.of(exchange)),
                social.suggestions(viewer, SUGGESTIONS)));
        return Keeping.shared(exchange, feed, Stream.empty());
    }

    private Answer explore(Exchange exchange) throws SQLException {
        Visit visit = visit(exchange).at(Visit.Tab.EXPLORE);
        Html head = html("<header class=\"head\"><h1>Explore</h1><p>The newest photos of everyone</p></header>");
        PhotoView.Slice photos = gallery.newest(Gallery.Ask.of(exchange));
        Html none = Layout.notice("No photos yet", "Be the first to share one.", Layout.link("/upload", "Upload"));
        return Keeping.shared(exchange, page(200, Layout.page(visit, "Explore", PhotoLists.grid(visit, head, photos, none))), Keeping.photos(photos.photos()));
    }

    private Answer search(Exchange exchange) throws SQLException {
        Visit visit = visit(exchange);
        String query = exchange.query("q").orElse("").strip();
        Html head = html("<header class=\"head\"><h1>{}</h1></header>", query.isEmpty() ? "Search" : "Photos titled “" + query + "”");
        PhotoView.Slice photos = gallery.search(query, Gallery.Ask.of(exchange));
        Html none = Layout.notice("Nothing found", "Every word must occur in the title. Try fewer words.", Html.NOTHING);
        return Keeping.shared(exchange, page(200, Layout.page(visit, "Search", PhotoLists.grid(visit, head, photos, none))), Keeping.photos(photos.photos()));
    }

    private Answer profile(Exchange exchange) throws SQLException {
        String name = exchange.part("name");
        Social.Profile profile = social.profile(name, exchange.viewer());
        Visit visit = visit(exchange);
        Visit tabbed = visit.is(name) ? visit.at(Visit.Tab.PROFILE) : visit;
        Html head = html("""
                <header class="who">{}<div><h1>{}</h1><p class="quiet">@{}</p>
                <p class="numbers"><span><strong>{}</strong> photos</span> <span><strong>{}</strong> followers</span> <span><strong>{}</strong> following</span></p></div>{}{}</header>""",
                Layout.avatar(name, profile.displayName()), profile.displayName(), name, PhotoLists.count(profile.photos()),
                PhotoLists.count(profile.followers()), PhotoLists.count(profile.following()), PhotoPage.followButton(tabbed, profile),
                Html.when(visit.is(name), () -> Layout.button(visit, "/logout", "quiet", "Log out")));
        PhotoView.Slice photos = gallery.of(social.user(name), Gallery.Ask.of(exchange));
        Html none = Layout.notice("No photos yet", profile.displayName() + " has not shared a photo so far.", Html.NOTHING);
        return Keeping.shared(exchange, page(200, Layout.page(tabbed, profile.displayName(), PhotoLists.grid(tabbed, head, photos, none))),
                Stream.concat(Stream.of(Keeping.user(name)), Keeping.photos(photos.photos())));
    }

    private Answer photo(Exchange exchange) throws SQLException {
        PhotoView photo = gallery.open(id(exchange), exchange.viewer());
        Answer page = page(200, PhotoPage.of(visit(exchange), photo, social.profile(photo.owner(), exchange.viewer()),
                social.comments(photo.id(), exchange.viewer(), COMMENTS)));
        return Keeping.shared(exchange, page, Stream.of(Keeping.photo(photo.id()), Keeping.user(photo.owner())));
    }

    private Answer comment(Exchange exchange) throws Exception {
        Map<String, String> form = exchange.form();
        Viewer viewer = writer(exchange, form.get("csrf"));
        social.comment(viewer, id(exchange), form.getOrDefault("text", ""), Input.key(form.get("key")));
        return Answer.seeOther("/photos/" + id(exchange) + "#comments");
    }

    private Answer delete(Exchange exchange) throws Exception {
        Viewer viewer = writer(exchange, exchange.form().get("csrf"));
        gallery.delete(viewer, id(exchange));
        return Answer.seeOther("/u/" + viewer.name());
    }

    private Answer upload(Exchange exchange) throws Exception {
        Viewer signedIn = exchange.signedIn();
        try {
            long id = Upload.receive(exchange, upload -> gallery.upload(
                    writer(exchange, upload.csrf()), upload.title(), Picture.of(upload.bytes()), null));
            return Answer.seeOther("/photos/" + id);
        } catch (Problem e) {
            return page(e.status(), FormPages.upload(visit(exchange, signedIn).at(Visit.Tab.UPLOAD), e.getMessage()));
        }
    }

    private interface Change {
        void by(Viewer viewer) throws SQLException;
    }

    /** A button's form: does it and goes back to the page it was on. */
    private Answer change(Exchange exchange, Change change) throws Exception {
        Map<String, String> form = exchange.form();
        change.by(writer(exchange, form.get("csrf")));
        return Answer.seeOther(localPath(form.get("back")));
    }

    /** Only a path of this site: never "//elsewhere" or a URL. */
    static String localPath(String wanted) {
        boolean local = wanted != null && wanted.matches("/(?![/\\\\])[!-~]{0,500}");
        return local ? wanted : "/";
    }

    private Answer logIn(Exchange exchange) throws Exception {
        Map<String, String> form = exchange.form();
        formCame(exchange, form);
        String name = form.getOrDefault("name", "");
        try {
            return welcome(exchange, accounts.logIn(name, form.getOrDefault("password", "")));
        } catch (Problem e) {
            return page(e.status(), FormPages.logIn(visit(exchange), name, e.getMessage()));
        }
    }

    private Answer register(Exchange exchange) throws Exception {
        Map<String, String> form = exchange.form();
        formCame(exchange, form);
        String name = form.getOrDefault("name", "");
        String displayName = form.getOrDefault("displayName", "");
        try {
            String password = form.getOrDefault("password", "");
            accounts.register(name, displayName, password, null);
            return welcome(exchange, accounts.logIn(name, password));
        } catch (Problem e) {
            return page(e.status(), FormPages.register(visit(exchange), name, displayName, e.getMessage()));
        }
    }

    private Answer logOut(Exchange exchange) throws Exception {
        accounts.logOut(writer(exchange, exchange.form().get("csrf")).token());
        return Answer.seeOther("/explore").with("Set-Cookie", cookie(exchange, Exchange.SESSION_COOKIE, "", 0));
    }

    private static Answer welcome(Exchange exchange, Viewer viewer) {
        return Answer.seeOther("/").with("Set-Cookie",
                cookie(exchange, Exchange.SESSION_COOKIE, viewer.token().text(), Accounts.SESSION_DAYS * 86_400));
    }

    private static String cookie(Exchange exchange, String name, String value, int seconds) {
        return name + "=" + value + "; Path=/; Max-Age=" + seconds + "; HttpOnly; SameSite=Lax" + (exchange.secure() ? "; Secure" : "");
    }

    /** Someone whose form came from a page of this site. */
    private static Viewer writer(Exchange exchange, String csrf) throws SQLException {
        Viewer viewer = exchange.signedIn();
        if (!viewer.token().allows(csrf)) {
            throw new Problem(403, "This form is too old or not ours; go back, reload the page and try again.");
        }
        return viewer;
    }

    private interface Form {
        Html of(Visit visit);
    }

    /** A form for people without a session carries a token that belongs to a cookie of its own. */
    private Answer form(Exchange exchange, Form form) throws SQLException {
        Optional<String> known = exchange.cookie(Exchange.FORM_COOKIE);
        Token token = known.map(Token::new).orElseGet(Token::random);
        Visit visit = new Visit(exchange.viewer(), token.csrf(), instance, Visit.Tab.NONE, exchange.pathAndQuery(), Instant.now());
        Answer answer = page(200, form.of(visit));
        return known.isPresent() ? answer : answer.with("Set-Cookie", cookie(exchange, Exchange.FORM_COOKIE, token.text(), 86_400));
    }

    private static void formCame(Exchange exchange, Map<String, String> form) {
        Optional<Token> token = exchange.cookie(Exchange.FORM_COOKIE).map(Token::new);
        if (token.filter(it -> it.allows(form.get("csrf"))).isEmpty()) {
            throw new Problem(403, "This form is too old or not ours, or cookies are off; reload the page and try again.");
        }
    }

    private Visit visit(Exchange exchange) throws SQLException {
        Optional<Viewer> viewer = exchange.viewer();
        String csrf = viewer.map(it -> it.token().csrf())
                .or(() -> exchange.cookie(Exchange.FORM_COOKIE).map(it -> new Token(it).csrf())).orElse("");
        return new Visit(viewer, csrf, instance, Visit.Tab.NONE, here(exchange), Instant.now());
    }

    private Visit visit(Exchange exchange, Viewer viewer) {
        return new Visit(Optional.of(viewer), viewer.token().csrf(), instance, Visit.Tab.NONE, here(exchange), Instant.now());
    }

    /** The page a button returns to: this one, when it can be asked for again. */
    private static String here(Exchange exchange) {
        return exchange.method().equals("GET") ? exchange.pathAndQuery() : "/";
    }

    private static long id(Exchange exchange) {
        return Input.id("Photo", exchange.part("id"));
    }

    private static Answer page(int status, Html html) {
        return Answer.page(status, html).with("Content-Security-Policy", POLICY).with("Referrer-Policy", "same-origin");
    }

    /** A problem as a page; someone who must log in is shown the door. */
    Answer failure(Exchange exchange, Problem problem) {
        boolean reading = exchange.method().equals("GET") || exchange.method().equals("HEAD");
        if (problem.status() == 401 && reading) {
            return Answer.seeOther("/login");
        }
        Visit visit = new Visit(Optional.empty(), "", instance, Visit.Tab.NONE, "/", Instant.now());
        return page(problem.status(), Layout.page(visit, problem.title(),
                Layout.notice(problem.title(), problem.getMessage(), Layout.link("/", "Home"))));
    }
}
