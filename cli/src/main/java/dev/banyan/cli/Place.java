package dev.banyan.cli;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which site a verb is about: {@code -C FOLDER}, else the current folder, else the sample site that Banyan brings along. */
final class Place {
    static final String SITE_FILE = "site.yaml";
    static final String STATE = ".banyan";
    /** Set by the launcher: the folder that holds Banyan. */
    static final String HOME = "banyan.home";

    @Option(names = {"-C", "--folder"}, paramLabel = "FOLDER", description = "The folder of the site file. Default: the current one, else the sample site's.")
    private Optional<Path> folder = Optional.empty();

    /** The site file to use when none is named. */
    Path siteFile() {
        if (folder.isPresent()) {
            return folder.get().resolve(SITE_FILE);
        }
        List<Path> places = places();
        return places.stream().filter(Files::exists).findFirst().orElseThrow(() -> new BanyanException(ErrorCode.USAGE,
                "there is no " + SITE_FILE + " in " + Path.of("").toAbsolutePath() + "; name a site file (banyan up FILE) or its folder (-C FOLDER)"));
    }

    /** The state folder of the site that is meant; a site file of any name may have made it. */
    Path stateFolder() {
        return folder.map(chosen -> chosen.resolve(STATE)).orElseGet(() -> stateFolder(places()));
    }

    /** The first place that holds a site, whether it runs or not: in the folder of a site that is down, another one is never meant. */
    static Path stateFolder(List<Path> places) {
        return places.stream().filter(file -> Files.exists(file) || Files.isDirectory(file.resolveSibling(STATE))).findFirst()
                .orElse(places.getFirst()).resolveSibling(STATE);
    }

    private static List<Path> places() {
        Path here = Path.of("").toAbsolutePath().resolve(SITE_FILE);
        return Optional.ofNullable(System.getProperty(HOME)).map(home -> List.of(here, Path.of(home, SITE_FILE))).orElse(List.of(here));
    }
}
