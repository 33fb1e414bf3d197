package dev.banyan.photos;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The style sheet, the script and the icon; a URL holds the hash of its content, so that a browser keeps it until it changes. */
final class Assets {
    private record Asset(String url, String type, byte[] bytes, String etag) {}

    private static final Map<String, Asset> BY_NAME = List.of("photos.css", "photos.js", "icon.svg").stream()
            .collect(Collectors.toUnmodifiableMap(name -> name, Assets::load));

    /** The URL of {@code photos.css} and so on. */
    static String url(String name) {
        return BY_NAME.get(name).url();
    }

    void addTo(Routes routes) {
        BY_NAME.values().forEach(asset -> routes.add("GET " + asset.url(), exchange -> Keeping.asset(exchange, Answer.bytes(200, asset.type(), asset.bytes()), asset.etag())));
        routes.add("GET /favicon.ico", exchange -> Answer.seeOther(url("icon.svg")).with("Cache-Control", "public, max-age=86400"));
    }

    private static Asset load(String name) {
        try (InputStream in = Assets.class.getResourceAsStream(name)) {
            byte[] bytes = in.readAllBytes();
            String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 6);
            String type = switch (name.substring(name.lastIndexOf('.'))) {
                case ".css" -> "text/css; charset=utf-8";
                case ".js" -> "text/javascript; charset=utf-8";
                default -> "image/svg+xml";
            };
            return new Asset("/static/" + hash + "-" + name, type, bytes, Keeping.etag(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
