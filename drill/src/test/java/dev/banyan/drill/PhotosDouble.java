package dev.banyan.drill;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The photos application's API in memory, with a memory that can be made bad. Safe for any thread. */
final class PhotosDouble implements Origin.Page {
    /** What it makes of a comment it acknowledges. */
    enum Memory {
        GOOD,
        FORGETS_EVERY_FIFTH,
        DOUBLES_EVERY_FIFTH
    }

    private record Comment(long id, long photo, String author, String text) {}

    private record Photo(long id, String title, String owner, String file) {}

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final byte[] STYLE = "body { margin: 0 }".getBytes(StandardCharsets.UTF_8);

    private final Memory memory;
    private final Set<String> users = new HashSet<>();
    private final Map<String, String> sessions = new HashMap<>();
    private final List<Photo> photos = new ArrayList<>();
    private final Map<String, byte[]> files = new HashMap<>();
    private final List<Comment> comments = new ArrayList<>();
    private final Set<String> likes = new HashSet<>();
    private final Set<String> follows = new HashSet<>();
    private int written;
    private boolean badMedia;

    PhotosDouble(Memory memory) {
        this.memory = memory;
    }

    synchronized void breakMedia() {
        badMedia = true;
    }

    synchronized int writtenComments() {
        return written;
    }

    @Override
    public synchronized Origin.Reply to(Origin.Asked asked) {
        String path = asked.path().replaceFirst("\\?.*", "");
        String[] parts = path.substring(1).split("/");
        if (parts[0].equals("static")) {
            return new Origin.Reply(200, Map.of("Content-Type", "text/css", "Cache-Control", "public, max-age=31536000, immutable"), STYLE);
        }
        if (parts[0].equals("media")) {
            byte[] bytes = files.get(parts[1]);
            return new Origin.Reply(200, Map.of("Content-Type", "image/png", "Cache-Control", "public, max-age=31536000, immutable"), badMedia ? new byte[bytes.length] : bytes);
        }
        String who = sessions.getOrDefault(asked.headers().getOrDefault("authorization", "").replace("Bearer ", ""), "");
        return parts[0].equals("api") ? api(asked, parts, who) : page(parts);
    }

    private Origin.Reply page(String[] parts) {
        String says = switch (parts[0]) {
            case "" -> "<title>Feed</title>" + grid(photo -> true);
            case "explore" -> "<title>Explore</title>" + grid(photo -> true);
            case "search" -> "<title>Search</title>";
            case "u" -> "@" + parts[1] + grid(photo -> photo.owner().equals(parts[1]));
            default -> image(photos.get(Integer.parseInt(parts[1]) - 1)) + comments.stream().filter(c -> c.photo() == Integer.parseInt(parts[1])).map(Comment::text).collect(Collectors.joining(" "));
        };
        return Origin.Reply.of(200, "<html><link rel=\"stylesheet\" href=\"/static/" + sha256(STYLE).substring(0, 12) + "-photos.css\">" + says + "</html>")
                .with("Content-Type", "text/html; charset=utf-8");
    }

    private String grid(Predicate<Photo> wanted) {
        return photos.reversed().stream().filter(wanted).limit(24).map(PhotosDouble::image).collect(Collectors.joining());
    }

    private static String image(Photo photo) {
        return "<img src=\"/media/" + photo.file() + "\" alt=\"\">";
    }

    private Origin.Reply api(Origin.Asked asked, String[] parts, String who) {
        String what = parts[2] + (parts.length > 4 ? "/" + parts[4] : "");
        return switch (asked.method() + " " + what) {
            case "POST users" -> register(asked);
            case "POST sessions" -> logIn(asked);
            case "DELETE sessions" -> new Origin.Reply(sessions.values().remove(who) ? 204 : 401, Map.of(), new byte[0]);
            case "GET me" -> who.isEmpty() ? Origin.Reply.of(401, "{}") : json(200, JSON.createObjectNode().put("name", who));
            case "GET users" -> json(200, JSON.createObjectNode().put("name", parts[3]).put("displayName", parts[3]).put("followed", follows.contains(who + ">" + parts[3])));
            case "GET feed", "GET explore" -> list(photo -> true, who);
            case "GET users/photos" -> list(photo -> photo.owner().equals(parts[3]), who);
            case "GET search" -> list(photo -> photo.title().contains(asked.path().replaceFirst(".*q=", "")), who);
            case "POST photos" -> upload(asked, who);
            case "GET photos" -> json(200, view(photos.get(number(parts) - 1), who));
            case "PUT photos/like" -> like(number(parts), who);
            case "PUT users/follow" -> follow(parts[3], who);
            case "GET photos/comments" -> shown(number(parts));
            case "POST photos/comments" -> comment(asked, number(parts), who);
            case "GET comments" -> comments.stream().filter(c -> c.id() == number(parts)).findFirst().map(c -> json(200, view(c))).orElse(Origin.Reply.of(404, "{}"));
            default -> Origin.Reply.of(404, "no " + asked.method() + " " + what);
        };
    }

    private static int number(String[] parts) {
        return Integer.parseInt(parts[3]);
    }

    private Origin.Reply register(Origin.Asked asked) {
        String name = JSON.readTree(asked.body()).path("name").asString();
        users.add(name);
        return json(201, JSON.createObjectNode().put("name", name));
    }

    private Origin.Reply logIn(Origin.Asked asked) {
        String name = JSON.readTree(asked.body()).path("name").asString();
        String token = "t" + sessions.size() + name;
        sessions.put(token, name);
        return json(users.contains(name) ? 201 : 401, JSON.createObjectNode().put("name", name).put("token", token));
    }

    private Origin.Reply list(Predicate<Photo> wanted, String who) {
        ArrayNode all = JSON.createArrayNode();
        photos.reversed().stream().filter(wanted).limit(24).forEach(p -> all.add(view(p, who)));
        return json(200, JSON.createObjectNode().set("photos", all));
    }

    private Origin.Reply upload(Origin.Asked asked, String who) {
        String file = sha256(asked.body()) + ".png";
        files.put(file, asked.body());
        photos.add(new Photo(photos.size() + 1, asked.path().replaceFirst(".*title=", "").replace('+', ' '), who, file));
        return json(201, view(photos.getLast(), who));
    }

    private Origin.Reply like(int photo, String who) {
        likes.add(who + ">" + photo);
        return json(200, JSON.createObjectNode().put("photoId", photo).put("liked", true));
    }

    private Origin.Reply follow(String whom, String who) {
        follows.add(who + ">" + whom);
        return new Origin.Reply(204, Map.of(), new byte[0]);
    }

    private Origin.Reply comment(Origin.Asked asked, int photo, String who) {
        written++;
        Comment comment = new Comment(written, photo, who, JSON.readTree(asked.body()).path("text").asString());
        boolean fifth = written % 5 == 0;
        if (!(fifth && memory == Memory.FORGETS_EVERY_FIFTH)) {
            comments.add(comment);
        }
        if (fifth && memory == Memory.DOUBLES_EVERY_FIFTH) {
            comments.add(comment);
        }
        return json(201, view(comment));
    }

    private Origin.Reply shown(int photo) {
        ArrayNode all = JSON.createArrayNode();
        comments.stream().filter(c -> c.photo() == photo).forEach(c -> all.add(view(c)));
        return json(200, JSON.createObjectNode().set("comments", all));
    }

    private ObjectNode view(Photo photo, String who) {
        return JSON.createObjectNode().put("id", photo.id()).put("title", photo.title()).put("owner", photo.owner()).put("url", "/media/" + photo.file())
                .put("thumbnailUrl", "/media/" + photo.file()).put("liked", likes.contains(who + ">" + photo.id()));
    }

    private static ObjectNode view(Comment comment) {
        return JSON.createObjectNode().put("id", comment.id()).put("photoId", comment.photo()).put("text", comment.text());
    }

    private static Origin.Reply json(int status, JsonNode body) {
        return Origin.Reply.of(status, JSON.writeValueAsString(body)).with("Content-Type", "application/json").with("X-Served-By", "web-1");
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
