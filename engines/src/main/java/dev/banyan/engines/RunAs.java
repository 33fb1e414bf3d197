package dev.banyan.engines;

import com.sun.security.auth.module.UnixSystem;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * As whom PostgreSQL runs: it refuses to as root. A normal user runs it directly. For root there are two ways, tried in this order:
 * <ol>
 *   <li>{@code unshare -U}: a user namespace without a map, in which the process sees itself as nobody while files stay root's: needs no
 *       other user and no chown;
 *   <li>{@code setpriv} to the user postgres or nobody, who is then given the data folder; where namespaces are forbidden, as in many
 *       containers.
 * </ol>
 *
 * @param prefix the words before the command
 * @param owner who is to own what PostgreSQL writes, when not the one who runs Banyan
 */
record RunAs(List<String> prefix, Optional<String> owner) {
    private static final List<String> USERS = List.of("postgres", "nobody");

    /** Tries the ways on this machine, with PostgreSQL's own {@code --version}. */
    static RunAs choose(PostgresBinaries binaries, Tool tool) {
        if (new UnixSystem().getUid() != 0) {
            return new RunAs(List.of(), Optional.empty());
        }
        return Stream.concat(Stream.of(namespace()), USERS.stream().flatMap(user -> otherUser(user, tool).stream()))
                .filter(way -> way.works(binaries, tool))
                .findFirst()
                .orElseThrow(() -> new BanyanException(ErrorCode.MISSING_PREREQUISITE, "PostgreSQL refuses to run as root, and here neither 'unshare -U'"
                        + " works nor can the users postgres or nobody reach " + binaries.folder() + " by 'setpriv'; start Banyan as a normal user"));
    }

    static RunAs namespace() {
        return new RunAs(List.of("unshare", "-U"), Optional.empty());
    }

    /** Empty when there is no such user. */
    static Optional<RunAs> otherUser(String user, Tool tool) {
        if (tool.exitCode("id", List.of("id", "-g", user), "") != 0) {
            return Optional.empty();
        }
        String group = tool.lastLines().strip();
        return Optional.of(new RunAs(List.of("setpriv", "--reuid=" + user, "--regid=" + group, "--clear-groups"), Optional.of(user)));
    }

    private boolean works(PostgresBinaries binaries, Tool tool) {
        return tool.exitCode("postgres --version", command(List.of(binaries.program("postgres"), "--version")), "") == 0;
    }

    List<String> command(List<String> words) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(words);
        return all;
    }

    /** Gives this file or folder, and what is in it, to whom PostgreSQL runs as. */
    void own(Path path) {
        if (owner.isEmpty()) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            UserPrincipal user = path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner.get());
            for (Path each : all.toList()) {
                Files.setOwner(each, user);
            }
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, path + " cannot be given to user " + owner.get() + ": " + Reason.of(e), e);
        }
    }
}
