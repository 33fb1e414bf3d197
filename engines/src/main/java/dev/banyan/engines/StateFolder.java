package dev.banyan.engines;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a site keeps its state: {@code .banyan} beside the site file. Deleting it deletes the site's data and nothing else.
 *
 * @param path absolute, symbolic links resolved, so that two ways to name one folder are one
 */
public record StateFolder(Path path) {

    /** The state folder of the site file, made when absent. */
    public static StateFolder beside(Path siteFile) {
        return at(siteFile.toAbsolutePath().normalize().resolveSibling(".banyan"));
    }

    /** This very folder, made when absent. */
    public static StateFolder at(Path folder) {
        try {
            Files.createDirectories(folder);
            return new StateFolder(folder.toRealPath());
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "the state folder " + folder + " cannot be made: " + Reason.of(e) + "; it lies beside the site file: put that where you may write", e);
        }
    }

    Path lock() {
        return path.resolve("lock");
    }

    Path logs() {
        return folder("logs");
    }

    Path processes() {
        return folder("processes");
    }

    Path secrets() {
        return folder("secrets");
    }

    Path engines() {
        return folder("engines");
    }

    /** Holds a folder for each embedded server. */
    Path postgres() {
        return folder("postgresql");
    }

    Path postgres(String server) {
        return folder("postgresql/" + server);
    }

    /** Holds a folder for each embedded node of the cache. */
    Path redis() {
        return folder("redis");
    }

    /** It may not be there. */
    Path redis(String node) {
        return redis().resolve(node);
    }

    private Path folder(String name) {
        Path folder = path.resolve(name);
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, "the folder " + folder + " cannot be made: " + Reason.of(e), e);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
