package dev.banyan.drill;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** One person who uses the photos application. Owned by the one thread that takes their next step. */
final class VirtualUser {
    private static final String[] WORDS = {"morning", "river", "harbour", "cat", "mountain", "garden", "street", "winter", "light", "bread"};

    private static final long REGISTERED = -1;
    /** One reading step in so many is that of an application on a phone, which asks the API for JSON; the others are a browser's. */
    private static final int APP_ONE_IN = 5;
    /** One page in so many is looked at with a browser that has nothing of the site (Theurer, "Performance Research, Part 2: Browser Cache Usage Exposed", 2007: 20 % of all page views). */
    private static final int EMPTY_ONE_IN = 5;
    /** A grid's pictures all lie in what browsers load ahead of the eye; of a feed, one of them below the other, people see half. */
    private static final int GRID = 24;
    private static final int FEED = 12;
    private static final int FOLLOWED_AT_FIRST = 5;

    private final String name;
    private final String password;
    private final PhotosApi api;
    private final Exchanges exchanges;
    private final Browser browser;
    private final CookieJar cookies;
    private final Ledger ledger;
    private final KnownPhotos known = new KnownPhotos();
    private final RandomGenerator random;
    /** The ledger's number of the account's making; 0 before it is sent, then {@link #REGISTERED} once acknowledged. */
    private long account;
    private String token = "";
    private long writes;

    /**
     * @param name of 3 to 30 letters a-z and digits; nobody else's
     * @param api carries the cookies that {@code exchanges} keeps
     * @param cookies the same
     */
    VirtualUser(String name, PhotosApi api, Exchanges exchanges, Browser browser, CookieJar cookies, Ledger ledger, RandomGenerator random) {
        this.name = name;
        this.password = "pw-" + Long.toHexString(random.nextLong()) + "-0000";
        this.api = api;
        this.exchanges = exchanges;
        this.browser = browser;
        this.cookies = cookies;
        this.ledger = ledger;
        this.random = random;
    }

    String name() {
        return name;
    }

    /** How to ask in this user's name, with their cookies; to be used only when they take no step. */
    PhotosAudit.Session session() {
        return new PhotosAudit.Session(api, token);
    }

    boolean signedIn() {
        return !token.isEmpty();
    }

    /**
     * Makes an account, signs in, looks around and follows some people; may be called again when it failed, and goes on where it stopped.
     *
     * @param aside counts the requests, apart from those of the load
     * @return whether there is a session
     */
    boolean join(Tally aside) {
        Exchanges joining = exchanges.countedIn(aside);
        return register(joining) && signIn(joining) && joining.send(api.explore(token), PhotosChecks.photos()).map(photos -> remember(photos) && followSome(photos, joining)).orElse(false);
    }

    /** Always with the same key, so that a try that was answered too late and the next one make one account. */
    private boolean register(Exchanges joining) {
        if (account == REGISTERED) {
            return true;
        }
        account = account == 0 ? ledger.sent("user", name, Map.of("name", name)) : account;
        boolean registered = joining.send(api.register(name, password, name), PhotosChecks.field("name", "name", name)).isPresent();
        if (registered) {
            ledger.acknowledged(account, name);
            account = REGISTERED;
        }
        return registered;
    }

    /** Opens a session, outside the load. */
    void signIn(Tally aside) {
        signIn(exchanges.countedIn(aside));
    }

    /** A new one too when there is one. True when it is open. */
    private boolean signIn(Exchanges with) {
        token = with.send(api.logIn(name, password), PhotosChecks.field("token", "name", name)).orElse("");
        return !token.isEmpty();
    }

    /**
     * Takes one step.
     *
     * @param due when it was meant to begin, in the clock's nanoseconds
     */
    void step(long due) {
        if (token.isEmpty()) {
            token = exchanges.sendFirst(api.logIn(name, password), due, PhotosChecks.field("token", "name", name)).orElse("");
            return;
        }
        Mix next = Mix.next(random);
        Optional<KnownPhotos.Photo> photo = known.any(random);
        boolean app = random.nextInt(APP_ONE_IN) == 0;
        String word = WORDS[random.nextInt(WORDS.length)];
        switch (next) {
            case FEED -> list(app, api.feed(token), new Page("/", "<title>Feed", "thumbnail", FEED), due);
            case EXPLORE -> list(app, api.explore(token), new Page("/explore", "<title>Explore", "thumbnail", GRID), due);
            case SEARCH -> list(app, api.search(word, token), new Page("/search?q=" + word, "<title>Search", "thumbnail", GRID), due);
            case UPLOAD -> upload(due);
            case SIGN_IN_AGAIN -> signInAgain(due);
            case PHOTO, VISIT, PROFILE, LIKE, COMMENT, FOLLOW -> photo.ifPresentOrElse(p -> with(next, app, p, due), () -> upload(due));
        }
    }

    private void with(Mix step, boolean app, KnownPhotos.Photo photo, long due) {
        switch (step) {
            case PHOTO -> {
                if (app) {
                    open(photo, due);
                } else {
                    look(pageOf(photo), due);
                }
            }
            case VISIT -> visit(random.nextBoolean() ? pageOf(photo) : pageOf(photo.owner()), due);
            case PROFILE -> {
                if (app) {
                    profile(photo.owner(), due);
                } else {
                    look(pageOf(photo.owner()), due);
                }
            }
            case LIKE -> like(photo, due);
            case COMMENT -> comment(photo, due);
            case FOLLOW -> follow(photo.owner(), due);
            case FEED, EXPLORE, SEARCH, UPLOAD, SIGN_IN_AGAIN -> throw new IllegalArgumentException(step + " needs no photo");
        }
    }

    /**
     * A page of the site.
     *
     * @param marker what it must say
     * @param pictures their row in the report
     * @param most of them are looked at
     */
    private record Page(String path, String marker, String pictures, int most) {}

    private static Page pageOf(KnownPhotos.Photo photo) {
        return new Page("/photos/" + photo.id(), photo.url(), "media", 1);
    }

    private static Page pageOf(String owner) {
        return new Page("/u/" + owner, "@" + owner, "thumbnail", GRID);
    }

    private void list(boolean app, Request request, Page page, long due) {
        if (app) {
            list(request, due);
        } else {
            look(page, due);
        }
    }

    /** A list, and the thumbnails of its photos. */
    private void list(Request request, long due) {
        exchanges.sendFirst(request, due, PhotosChecks.photos()).filter(this::remember).ifPresent(all ->
                all.forEach(photo -> browser.picture("thumbnail", photo.thumbnailUrl(), api, exchanges)));
    }

    /** A page, and what it is made of as far as the browser has not got it. */
    private void look(Page page, long due) {
        if (random.nextInt(EMPTY_ONE_IN) == 0) {
            browser.forget();
        }
        exchanges.sendFirst(api.page(page.path(), token), due, PhotosChecks.page(page.marker())).ifPresent(html -> browser.show(html, page.pictures(), page.most(), api, token, exchanges));
    }

    /** Somebody who has got a link: not signed in, with a browser that has nothing of the site. */
    private void visit(Page page, long due) {
        CookieJar theirs = cookies.another();
        PhotosApi asked = api.of(theirs);
        Exchanges answers = exchanges.of(theirs);
        answers.sendFirst(asked.visit(page.path()), due, PhotosChecks.page(page.marker())).ifPresent(html -> browser.another().show(html, page.pictures(), page.most(), asked, "", answers));
    }

    private boolean remember(List<KnownPhotos.Photo> photos) {
        photos.forEach(known::add);
        return true;
    }

    private void open(KnownPhotos.Photo photo, long due) {
        if (exchanges.sendFirst(api.photo(photo.id(), token), due, PhotosChecks.photo(photo.id())).isPresent()) {
            browser.picture("media", photo.url(), api, exchanges);
            exchanges.send(api.comments(photo.id(), token), PhotosChecks.comments(photo.id()));
        }
    }

    private void profile(String of, long due) {
        if (exchanges.sendFirst(api.profile(of, token), due, PhotosChecks.field("displayName", "name", of)).isPresent()) {
            exchanges.send(api.photosOf(of, token), PhotosChecks.photos());
        }
    }

    private void like(KnownPhotos.Photo photo, long due) {
        noted("like", nextKey(), Map.of("user", name, "photo", Long.toString(photo.id())), () ->
                exchanges.sendFirst(api.like(photo.id(), token), due, PhotosChecks.liked(photo.id())).map(liked -> ""));
    }

    private void comment(KnownPhotos.Photo photo, long due) {
        String key = nextKey();
        noted("comment", key, Map.of("user", name, "photo", Long.toString(photo.id())), () -> exchanges.sendFirst(
                api.comment(photo.id(), "What a picture! " + key, token), due,
                Exchanges.json(json -> Optional.of(json.path("id").asString("")).filter(id -> !id.isEmpty() && json.path("text").asString("").endsWith(key)))));
    }

    private void follow(String whom, long due) {
        if (whom.equals(name)) {
            profile(whom, due);
            return;
        }
        noted("follow", nextKey(), Map.of("user", name, "whom", whom), () ->
                exchanges.sendFirst(api.follow(whom, token), due, PhotosChecks::done).map(done -> ""));
    }

    private void upload(long due) {
        String key = nextKey();
        byte[] png = Png.random(random);
        String sha256 = sha256(png);
        String title = WORDS[random.nextInt(WORDS.length)] + " " + key;
        noted("photo", key, Map.of("user", name, "sha256", sha256), () ->
                exchanges.sendFirst(api.upload(title, png, key, token), due, PhotosChecks.uploaded(title, sha256)).map(photo -> {
                    known.add(photo);
                    return Long.toString(photo.id());
                }));
    }

    private void signInAgain(long due) {
        exchanges.sendFirst(api.logOut(token), due, PhotosChecks::done);
        signIn(exchanges);
    }

    /** Whoever has just shared something; so a feed has something in it. True, whatever became of it. */
    private boolean followSome(List<KnownPhotos.Photo> photos, Exchanges joining) {
        photos.stream().map(KnownPhotos.Photo::owner).distinct().filter(owner -> !owner.equals(name)).limit(FOLLOWED_AT_FIRST).forEach(owner ->
                noted("follow", nextKey(), Map.of("user", name, "whom", owner), () -> joining.send(api.follow(owner, token), PhotosChecks::done).map(done -> "")));
        return true;
    }

    /** Sends a write between the two lines that the ledger keeps of it; the write gives the name it got, or nothing when it failed. */
    private Optional<String> noted(String kind, String key, Map<String, String> about, Supplier<Optional<String>> write) {
        long number = ledger.sent(kind, key, about);
        Optional<String> where = write.get();
        where.ifPresent(w -> ledger.acknowledged(number, w));
        return where;
    }

    /** A word that stands nowhere else, and that a search finds as one word. */
    private String nextKey() {
        return name + "x" + ++writes;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
