package dev.banyan.drill;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** What a right answer of the photos application looks like, and what it says. */
final class PhotosChecks {
    private PhotosChecks() {}

    /** A list of photos, each whole. */
    static Function<Answer, Exchanges.Verdict<List<KnownPhotos.Photo>>> photos() {
        return Exchanges.json(json -> {
            List<KnownPhotos.Photo> photos = new ArrayList<>();
            for (JsonNode each : json.path("photos")) {
                photo(each).ifPresent(photos::add);
            }
            return json.path("photos").isArray() && photos.size() == json.path("photos").size() ? Optional.of(photos) : Optional.empty();
        });
    }

    static Function<Answer, Exchanges.Verdict<KnownPhotos.Photo>> photo(long id) {
        return Exchanges.json(json -> photo(json).filter(p -> p.id() == id));
    }

    /** An uploaded photo: its title, and its picture under the hash of what was sent. */
    static Function<Answer, Exchanges.Verdict<KnownPhotos.Photo>> uploaded(String title, String sha256) {
        return Exchanges.json(json -> photo(json).filter(p -> p.title().equals(title) && p.url().contains(sha256)));
    }

    private static Optional<KnownPhotos.Photo> photo(JsonNode json) {
        KnownPhotos.Photo photo = new KnownPhotos.Photo(json.path("id").asLong(0), json.path("title").asString(""), json.path("owner").asString(""),
                json.path("url").asString(""), json.path("thumbnailUrl").asString(""));
        boolean whole = photo.id() > 0 && !photo.owner().isEmpty() && photo.url().startsWith("/media/") && photo.thumbnailUrl().startsWith("/media/");
        return whole ? Optional.of(photo) : Optional.empty();
    }

    /** A text field that is there, in an object whose other field has this value. */
    static Function<Answer, Exchanges.Verdict<String>> field(String wanted, String other, String value) {
        return Exchanges.json(json -> Optional.of(json.path(wanted).asString("")).filter(v -> !v.isEmpty() && json.path(other).asString("").equals(value)));
    }

    /** A flag and a number that go with it. */
    static Function<Answer, Exchanges.Verdict<Boolean>> liked(long photo) {
        return Exchanges.json(json -> Optional.of(json.path("liked").asBoolean(false)).filter(liked -> liked && json.path("photoId").asLong(0) == photo));
    }

    static Function<Answer, Exchanges.Verdict<Integer>> comments(long photo) {
        return Exchanges.json(json -> {
            int right = 0;
            for (JsonNode each : json.path("comments")) {
                right += each.path("photoId").asLong(0) == photo ? 1 : 0;
            }
            return json.path("comments").isArray() && right == json.path("comments").size() ? Optional.of(right) : Optional.empty();
        });
    }

    /** Nothing to read: the status says it all. */
    static Exchanges.Verdict<Boolean> done(Answer answer) {
        return answer.status() == 204 ? new Exchanges.Verdict.Right<>(true) : Exchanges.Verdict.wrongBody();
    }

    /** A picture whose bytes have the hash that its URL is named by. */
    static Function<Answer, Exchanges.Verdict<Long>> media(String path) {
        int dot = path.indexOf('.');
        String name = path.substring("/media/".length(), dot < 0 ? path.length() : dot);
        return answer -> answer.status() == 200 && answer.sha256().orElse("").equals(name)
                ? new Exchanges.Verdict.Right<>(answer.length()) : Exchanges.Verdict.wrongBody();
    }

    /** A style sheet, a script or an icon, whose URL begins with twelve digits of its hash. */
    static Function<Answer, Exchanges.Verdict<Long>> asset(String path) {
        String hash = path.substring(path.lastIndexOf('/') + 1).replaceFirst("-.*", "");
        return answer -> answer.status() == 200 && answer.sha256().orElse("").startsWith(hash) ? new Exchanges.Verdict.Right<>(answer.length()) : Exchanges.Verdict.wrongBody();
    }

    /** A whole page that says what it must. */
    static Function<Answer, Exchanges.Verdict<String>> page(String marker) {
        return answer -> {
            String text = new String(answer.body(), StandardCharsets.UTF_8);
            boolean right = answer.status() == 200 && answer.type().equals("text/html") && text.contains(marker) && text.contains("</html>");
            return right ? new Exchanges.Verdict.Right<>(text) : Exchanges.Verdict.wrongBody();
        };
    }
}
