package dev.banyan.http.gateway;

import dev.banyan.topology.Route;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A folder whose files are answers. Nothing outside it is found: not by dot segments, which {@link PathView} has taken out, nor by symbolic
 * links. Files whose names begin with a dot are not found either, but for {@code .well-known}. Immutable; it reads the disk, so it is asked
 * on a thread that may block.
 */
final class StaticFolder {
    private static final String WELL_KNOWN = ".well-known";

    private final Path folder;
    private final Route.Files rule;

    /** @param beside what the folder's path is relative to */
    StaticFolder(Route.Files rule, Path beside) {
        this.rule = rule;
        this.folder = beside.resolve(rule.folder()).toAbsolutePath();
    }

    Route.Files rule() {
        return rule;
    }

    /** What a path leads to. */
    sealed interface Found {}

    /**
     * A file.
     *
     * @param size in bytes
     * @param modifiedMillis since 1970
     * @param tag its entity tag, strong: of its size and the time it was changed at, as fine as the disk keeps it
     */
    record File(Path path, long size, long modifiedMillis, String tag) implements Found {
        static File of(Path path, BasicFileAttributes about) {
            FileTime modified = about.lastModifiedTime();
            return new File(path, about.size(), modified.toMillis(), '"' + Long.toHexString(about.size()) + '-' + Long.toHexString(modified.to(TimeUnit.NANOSECONDS)) + '"');
        }
    }

    /** A folder with an index, asked for without a slash at the end, so that links in the index would lead astray. */
    record NeedsSlash() implements Found {}

    record Missing() implements Found {}

    /**
     * Looks a file up.
     *
     * @param segments of the path past the route's, decoded, as bytes
     * @param slashAtEnd whether the path ends with a slash
     */
    Found find(List<byte[]> segments, boolean slashAtEnd) {
        try {
            Path root = folder.toRealPath();
            Found found = within(root, path(root, segments), slashAtEnd);
            return found instanceof Missing && rule.fallback().isPresent() ? within(root, root.resolve(rule.fallback().get()), false) : found;
        } catch (IOException | InvalidPathException missing) {
            return new Missing();
        }
    }

    private static Path path(Path root, List<byte[]> segments) throws IOException {
        Path path = root;
        for (byte[] segment : segments) {
            String name = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(segment)).toString();
            if (name.startsWith(".") && !name.equals(WELL_KNOWN)) {
                throw new NoSuchFileException(name);
            }
            path = path.resolve(name);
        }
        return path;
    }

    private Found within(Path root, Path path, boolean slashAtEnd) throws IOException {
        Path real;
        try {
            real = path.toRealPath();
        } catch (IOException missing) {
            return new Missing();
        }
        if (!real.startsWith(root)) {
            return new Missing();
        }
        BasicFileAttributes about = Files.readAttributes(real, BasicFileAttributes.class);
        if (about.isRegularFile()) {
            return slashAtEnd ? new Missing() : File.of(real, about);
        }
        Found index = about.isDirectory() && Files.exists(real.resolve(rule.index())) ? within(root, real.resolve(rule.index()), false) : new Missing();
        return index instanceof File && !slashAtEnd && !path.equals(root) ? new NeedsSlash() : index;
    }
}
