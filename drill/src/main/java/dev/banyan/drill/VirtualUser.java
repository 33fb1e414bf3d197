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

    private final String name;
    private final String password;
    private final PhotosApi api;
    private final Exchanges exchanges;
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
     */
    VirtualUser(String name, PhotosApi api, Exchanges exchanges, Ledger ledger, RandomGenerator random) {
        this.name = name;
        this.password = "pw-" + Long.toHexString(random.nextLong()) + "-0000";
        this.api = api;
        this.exchanges = exchanges;
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
     * Makes an account, signs in and looks around; may be called again when it failed, and goes on where it stopped.
     *
     * @param aside counts the requests, apart from those of the load
     * @return whether there is a session
     */
    boolean join(Tally aside) {
        Exchanges joining = exchanges.countedIn(aside);
        return register(joining) && signIn(joining) && joining.send(api.explore(token), PhotosChecks.photos()).map(this::remember).orElse(false);
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
        switch (next) {
            case FEED -> list(api.feed(token), due);
            case EXPLORE -> list(api.explore(token), due);
            case SEARCH -> list(api.search(WORDS[random.nextInt(WORDS.length)], token), due);
            case UPLOAD -> upload(due);
            case SIGN_IN_AGAIN -> signInAgain(due);
            case PHOTO, PAGE, PROFILE, LIKE, COMMENT, FOLLOW -> photo.ifPresentOrElse(p -> with(next, p, due), () -> upload(due));
        }
    }

    private void with(Mix step, KnownPhotos.Photo photo, long due) {
        switch (step) {
            case PHOTO -> open(photo, due);
            case PAGE -> page(photo, due);
            case PROFILE -> profile(photo.owner(), due);
            case LIKE -> like(photo, due);
            case COMMENT -> comment(photo, due);
            case FOLLOW -> follow(photo.owner(), due);
            case FEED, EXPLORE, SEARCH, UPLOAD, SIGN_IN_AGAIN -> throw new IllegalArgumentException(step + " needs no photo");
        }
    }

    /** A list, and the thumbnail of its first photo; a browser has the others in its cache. */
    private void list(Request request, long due) {
        exchanges.sendFirst(request, due, PhotosChecks.photos()).filter(this::remember).flatMap(all -> all.stream().findFirst()).ifPresent(first ->
                exchanges.send(api.media("thumbnail", first.thumbnailUrl()), PhotosChecks.media(first.thumbnailUrl())));
    }

    private boolean remember(List<KnownPhotos.Photo> photos) {
        photos.forEach(known::add);
        return true;
    }

    private void open(KnownPhotos.Photo photo, long due) {
        if (exchanges.sendFirst(api.photo(photo.id(), token), due, PhotosChecks.photo(photo.id())).isPresent()) {
            exchanges.send(api.media("media", photo.url()), PhotosChecks.media(photo.url()));
            exchanges.send(api.media("thumbnail", photo.thumbnailUrl()), PhotosChecks.media(photo.thumbnailUrl()));
            exchanges.send(api.comments(photo.id(), token), PhotosChecks.comments(photo.id()));
        }
    }

    private void page(KnownPhotos.Photo photo, long due) {
        boolean ofPhoto = random.nextBoolean();
        exchanges.sendFirst(api.page(ofPhoto ? "/photos/" + photo.id() : "/u/" + photo.owner(), token), due,
                PhotosChecks.page(ofPhoto ? photo.url() : "@" + photo.owner()));
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
