package dev.banyan.cli;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.json.JsonMapper;

/**
 * The sample site's file as it is, but for its ports, which the system chooses, so that a tour disturbs no site that runs already; and for the rounds of its passwords' hashes: each drill lets a
 * crowd sign up at once, which otherwise would be all that a small machine does, and is not what is looked at.
 */
final class TourSiteFile {
    private static final String ANY_PORT = "127.0.0.1:0";
    /** The application's folder, which the sample's command names as lying beside its site file. */
    private static final String APPLICATION = "photos";

    private TourSiteFile() {}

    /**
     * Puts it into an empty folder.
     *
     * @param home the folder that holds Banyan and its sample
     * @throws BanyanException MISSING_PREREQUISITE, when the sample application is not there; DISK
     */
    static Path into(Path folder, Path home) {
        Path sample = home.resolve(Place.SITE_FILE);
        if (!Files.isReadable(sample) || !Files.isDirectory(home.resolve("photos/target/lib"))) {
            throw new BanyanException(ErrorCode.MISSING_PREREQUISITE, "a tour needs the sample application, which is not built in " + home
                    + "; run it by the 'banyan' script of a clone, which builds what is missing");
        }
        try {
            Files.createSymbolicLink(folder.resolve(APPLICATION), home.resolve(APPLICATION));
            return Files.writeString(folder.resolve(Place.SITE_FILE), text(Files.readString(sample)));
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "cannot write the tour's site file in " + folder + ": " + e, e);
        }
    }

    /** JSON, which is YAML. */
    static String text(String sample) {
        Map<String, Object> site = map(new Load(LoadSettings.builder().build()).loadFromString(sample));
        site.remove("stage");
        inside(site, "application", "environment").put("PASSWORD_ROUNDS", "1000");
        listen(site, "front-door");
        listen(site, "console");
        listen(site, "database", "router");
        listen(site, "cache", "router");
        return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(site);
    }

    private static void listen(Map<String, Object> site, String... path) {
        inside(site, path).put("listen", ANY_PORT);
    }

    /** The mapping at that path, made where there is none. */
    private static Map<String, Object> inside(Map<String, Object> site, String... path) {
        Map<String, Object> at = site;
        for (String key : path) {
            Map<String, Object> next = map(at.get(key));
            at.put(key, next);
            at = next;
        }
        return at;
    }

    /** A copy of a mapping; empty for none. */
    private static Map<String, Object> map(Object value) {
        Map<String, Object> copy = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> mapping) {
            mapping.forEach((key, held) -> copy.put(key.toString(), held));
        }
        return copy;
    }
}
