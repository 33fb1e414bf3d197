package dev.banyan.drill;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Shares photos, likes them and comments on them, and looks for each in the API's answer or on the page, turn about. */
final class PhotosOwnWriter implements OwnWriter {
    /** So many changes to a photo, then another one: what it shows stays short. */
    private static final int CHANGES = 8;

    private final String name;
    private final String password;
    private final PhotosApi api;
    private final RandomGenerator random;
    private boolean registered;
    private String token = "";
    private Optional<KnownPhotos.Photo> photo = Optional.empty();
    private int changes;

    /** @param name nobody else's, of letters and digits */
    PhotosOwnWriter(String name, PhotosApi api, RandomGenerator random) {
        this.name = name;
        this.password = "pw-" + Long.toHexString(random.nextLong()) + "-0000";
        this.api = api;
        this.random = random;
    }

    @Override
    public Optional<Look> change(Asking site) {
        if (token.isEmpty()) {
            registered = registered || site.ask(api.register(name, password, name), PhotosChecks.field("name", "name", name)).isPresent();
            token = registered ? site.ask(api.logIn(name, password), PhotosChecks.field("token", "name", name)).orElse("") : "";
            return Optional.empty();
        }
        int turn = changes++ % CHANGES;
        if (photo.isEmpty() || turn == 0) {
            return share(site);
        }
        return turn == 1 ? like(site) : comment(site);
    }

    private String key() {
        return name + "x" + changes;
    }

    private Optional<Look> share(Asking site) {
        byte[] png = Png.random(random);
        String title = "mine " + key();
        photo = site.ask(api.upload(title, png, key(), token), Exchanges.json(json -> Optional.of(json.path("id").asLong(0)).filter(id -> id > 0)
                .map(id -> new KnownPhotos.Photo(id, title, name, json.path("url").asString(""), json.path("thumbnailUrl").asString("")))));
        return photo.map(shared -> look(api.photosOf(name, token), "/u/" + name, shared.thumbnailUrl(), "a photo"));
    }

    private Optional<Look> like(Asking site) {
        long id = photo.orElseThrow().id();
        Function<Answer, Exchanges.Verdict<KnownPhotos.Photo>> liked = Exchanges.json(json -> photo.filter(_ -> json.path("liked").asBoolean(false)));
        return site.ask(api.like(id, token), PhotosChecks.liked(id)).map(_ -> new Look(api.photo(id, token), answer -> liked.apply(answer) instanceof Exchanges.Verdict.Right, "a like"));
    }

    private Optional<Look> comment(Asking site) {
        long id = photo.orElseThrow().id();
        String text = String.format(Locale.ROOT, "mine %s", key());
        return site.ask(api.comment(id, text, token), Exchanges.json(json -> Optional.of(text).filter(sent -> json.path("text").asString("").equals(sent))))
                .map(sent -> look(api.comments(id, token), "/photos/" + id, sent, "a comment"));
    }

    private Look look(Request asApplication, String asBrowser, String text, String what) {
        return new Look(random.nextBoolean() ? asApplication : api.page(asBrowser, token), answer -> Asking.holds(answer, text), what);
    }
}
