package dev.banyan.photos;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The JSON API under {@code /api/v1}. A session comes as {@code Authorization: Bearer} or as the browser's cookie; what changes
 * something by cookie must come from a page of this site. A POST takes an {@code Idempotency-Key}: the same key again
 * answers with what the first call made.
 */
final class ApiActions {
    private static final int COMMENTS = 100;

    private final Accounts accounts;
    private final Gallery gallery;
    private final Social social;

    ApiActions(Accounts accounts, Gallery gallery, Social social) {
        this.accounts = accounts;
        this.gallery = gallery;
        this.social = social;
    }

    void addTo(Routes routes) {
        routes.add("POST /api/v1/users", this::register)
                .add("POST /api/v1/sessions", this::logIn)
                .add("DELETE /api/v1/sessions/current", this::logOut)
                .add("GET /api/v1/me", exchange -> Answer.json(200, social.profile(exchange.signedIn().name(), exchange.viewer())))
                .add("GET /api/v1/users/{name}", this::profile)
                .add("GET /api/v1/users/{name}/photos", this::photosOf)
                .add("PUT /api/v1/users/{name}/follow", this::follow)
                .add("DELETE /api/v1/users/{name}/follow", this::unfollow)
                .add("GET /api/v1/feed", exchange -> Answer.json(200, gallery.feed(exchange.signedIn(), Gallery.Ask.of(exchange))))
                .add("GET /api/v1/explore", exchange -> list(exchange, gallery.newest(Gallery.Ask.of(exchange))))
                .add("GET /api/v1/search", exchange -> list(exchange,
                        gallery.search(exchange.query("q").orElse(""), Gallery.Ask.of(exchange))))
                .add("POST /api/v1/photos", this::upload)
                .add("GET /api/v1/photos/{id}", this::open)
                .add("DELETE /api/v1/photos/{id}", this::delete)
                .add("PUT /api/v1/photos/{id}/like", exchange -> Answer.json(200, social.like(writer(exchange), photo(exchange))))
                .add("DELETE /api/v1/photos/{id}/like", exchange -> Answer.json(200, social.unlike(writer(exchange), photo(exchange))))
                .add("GET /api/v1/photos/{id}/comments", this::comments)
                .add("POST /api/v1/photos/{id}/comments", this::comment)
                .add("GET /api/v1/comments/{id}", exchange -> Answer.json(200,
                        social.comment(Input.id("Comment", exchange.part("id")), exchange.viewer())));
    }

    record NewUser(String name, String displayName, String password) {}

    record LogIn(String name, String password) {}

    record NewComment(String text) {}

    private Answer register(Exchange exchange) throws Exception {
        NewUser wanted = exchange.json(NewUser.class);
        Accounts.User user = accounts.register(given("name", wanted.name()), Optional.ofNullable(wanted.displayName()).orElse(""),
                given("password", wanted.password()), key(exchange));
        return Answer.json(201, user).with("Location", "/api/v1/users/" + user.name());
    }

    /** The token is shown this once. No cookie is set: an API client keeps the token. */
    private Answer logIn(Exchange exchange) throws Exception {
        LogIn wanted = exchange.json(LogIn.class);
        Viewer viewer = accounts.logIn(given("name", wanted.name()), given("password", wanted.password()));
        return Answer.json(201, Map.of("token", viewer.token().text(), "name", viewer.name(), "displayName", viewer.displayName()))
                .with("Cache-Control", "no-store");
    }

    private Answer logOut(Exchange exchange) throws SQLException {
        accounts.logOut(writer(exchange).token());
        return Answer.empty(204);
    }

    private Answer profile(Exchange exchange) throws SQLException {
        String name = exchange.part("name");
        return Keeping.shared(exchange, Answer.json(200, social.profile(name, exchange.viewer())), Stream.of(Keeping.user(name)));
    }

    private Answer photosOf(Exchange exchange) throws SQLException {
        String name = exchange.part("name");
        PhotoView.Slice photos = gallery.of(social.user(name), Gallery.Ask.of(exchange));
        return Keeping.shared(exchange, Answer.json(200, photos), Stream.concat(Stream.of(Keeping.user(name)), Keeping.photos(photos.photos())));
    }

    private static Answer list(Exchange exchange, PhotoView.Slice photos) {
        return Keeping.shared(exchange, Answer.json(200, photos), Keeping.photos(photos.photos()));
    }

    private Answer open(Exchange exchange) throws SQLException {
        PhotoView photo = gallery.open(photo(exchange), exchange.viewer());
        return Keeping.shared(exchange, Answer.json(200, photo), Stream.of(Keeping.photo(photo.id()), Keeping.user(photo.owner())));
    }

    private Answer follow(Exchange exchange) throws SQLException {
        social.follow(writer(exchange), exchange.part("name"));
        return Answer.empty(204);
    }

    private Answer unfollow(Exchange exchange) throws SQLException {
        social.unfollow(writer(exchange), exchange.part("name"));
        return Answer.empty(204);
    }

    private Answer upload(Exchange exchange) throws Exception {
        Viewer viewer = writer(exchange);
        String key = key(exchange);
        long id = Upload.receive(exchange, upload -> gallery.upload(viewer, upload.title(), Picture.of(upload.bytes()), key));
        return Answer.json(201, gallery.photo(id, Optional.of(viewer))).with("Location", "/api/v1/photos/" + id);
    }

    private Answer delete(Exchange exchange) throws SQLException {
        gallery.delete(writer(exchange), photo(exchange));
        return Answer.empty(204);
    }

    private Answer comments(Exchange exchange) throws SQLException {
        long id = photo(exchange);
        gallery.mustExist(id);
        record Comments(List<CommentView> comments) {}
        return Keeping.shared(exchange, Answer.json(200, new Comments(social.comments(id, exchange.viewer(), COMMENTS))), Stream.of(Keeping.photo(id)));
    }

    private Answer comment(Exchange exchange) throws Exception {
        Viewer viewer = writer(exchange);
        CommentView comment = social.comment(viewer, photo(exchange),
                given("text", exchange.json(NewComment.class).text()), key(exchange));
        return Answer.json(201, comment).with("Location", "/api/v1/comments/" + comment.id());
    }

    /** Someone who may change things with this request. A page of another site cannot use the visitor's cookie for it. */
    private static Viewer writer(Exchange exchange) throws SQLException {
        Viewer viewer = exchange.signedIn();
        boolean foreign = "cross-site".equals(exchange.header("Sec-Fetch-Site")) || !Origin.isOurs(exchange.request());
        if (viewer.byCookie() && foreign) {
            throw new Problem(403, "A page of another site may not do this with your cookie.");
        }
        return viewer;
    }

    private static long photo(Exchange exchange) {
        return Input.id("Photo", exchange.part("id"));
    }

    private static String key(Exchange exchange) {
        return Input.key(exchange.header("Idempotency-Key"));
    }

    private static String given(String field, String value) {
        if (value == null) {
            throw new Problem(422, "The field '" + field + "' is missing.");
        }
        return value;
    }
}
