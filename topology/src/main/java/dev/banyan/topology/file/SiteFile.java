package dev.banyan.topology.file;

import dev.banyan.topology.Problem;
import dev.banyan.topology.Topology;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads site files. Any file gives a {@link Reading}; nothing is thrown for what a user can write. */
public final class SiteFile {
    private SiteFile() {}

    /**
     * Reads the file.
     *
     * @param environment the variables that <code>${NAME}</code> stands for; {@code name -> Optional.ofNullable(System.getenv(name))} for the process's own
     */
    public static Reading read(Path file, Function<String, Optional<String>> environment) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in.readNBytes(TreeReader.MOST_CHARACTERS + 1), environment, Optional.of(file.toAbsolutePath().normalize().getParent()));
        } catch (NoSuchFileException absent) {
            return refused("there is no such file: write one, or name another");
        } catch (AccessDeniedException denied) {
            return refused("cannot be read: permission denied");
        } catch (IOException failed) {
            return refused(Files.isDirectory(file) ? "is a folder: name the file in it" : "cannot be read: " + failed.getMessage());
        }
    }

    /** Reads a file's bytes, which must be UTF-8. Files that it names are not looked for. */
    public static Reading read(byte[] utf8, Function<String, Optional<String>> environment) {
        return read(utf8, environment, Optional.empty());
    }

    private static Reading read(byte[] utf8, Function<String, Optional<String>> environment, Optional<Path> folder) {
        if (utf8.length > TreeReader.MOST_CHARACTERS) {
            return refused("is larger than a site file may be: " + TreeReader.MOST_CHARACTERS + " bytes (1 MiB)");
        }
        ByteBuffer bytes = ByteBuffer.wrap(utf8);
        try {
            return read(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString(), environment, folder);
        } catch (CharacterCodingException broken) {
            return refused("is not UTF-8 at byte " + bytes.position() + ": save it as UTF-8");
        }
    }

    /** Reads a file's text. Files that it names are not looked for. */
    public static Reading read(String yaml, Function<String, Optional<String>> environment) {
        return read(yaml, environment, Optional.empty());
    }

    private static Reading read(String yaml, Function<String, Optional<String>> environment, Optional<Path> folder) {
        String text = yaml.startsWith("\uFEFF") ? yaml.substring(1) : yaml;
        Optional<Tree> tree;
        try {
            tree = TreeReader.read(text);
        } catch (Unreadable unreadable) {
            return new Reading.Problems(List.of(unreadable.problem()), SafeLines.ofBroken(text));
        }
        return tree.map(document -> read(text, document, environment, folder))
                .orElseGet(() -> refused("is empty: a site has at least 'site: NAME' and 'application:' with a command or servers"));
    }

    private static Reading read(String text, Tree document, Function<String, Optional<String>> environment, Optional<Path> folder) {
        Findings findings = new Findings();
        ScalarReader scalars = new ScalarReader(new Variables(environment), findings);
        Topology site = (Topology) new SiteReader(scalars, findings).read(Shapes.SITE, document, "");
        new SiteCheck(site, findings, folder).check();
        List<String> lines = SafeLines.of(text, document, scalars::mayShow);
        return findings.problems().isEmpty() ? new Reading.Site(site, findings.warnings(), lines) : new Reading.Problems(findings.problems(), lines);
    }

    private static Reading refused(String message) {
        return new Reading.Problems(List.of(new Problem(0, 0, "", message)), List.of());
    }
}
