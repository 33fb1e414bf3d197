package dev.banyan.postgres.wire;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Secret;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The site file's {@code database.router.users-file}: a line each, {@code "user" "secret"}, in UTF-8, as PgBouncer's. A secret is a password
 * or a verifier as pg_authid has it; a quote in either is written twice. Blank lines and those that begin with {@code #} or {@code ;} are
 * passed over.
 *
 * @param warnings sentences for the log: what is no error but should not stay
 */
public record UsersFile(Map<String, Secret> users, List<String> warnings) {
    private static final Pattern LINE = Pattern.compile("\\s*\"((?:[^\"]|\"\")*)\"\\s+\"((?:[^\"]|\"\")*)\"\\s*");
    private static final Pattern BLANK = Pattern.compile("\\s*([#;].*)?");
    private static final Set<PosixFilePermission> FOR_OTHERS = Set.of(
            PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    public UsersFile {
        users = Map.copyOf(users);
        warnings = List.copyOf(warnings);
    }

    /** @throws BanyanException BAD_SITE_FILE with all problems, each as {@code FILE:LINE: what} */
    public static UsersFile read(Path file) {
        Map<String, Secret> users = new HashMap<>();
        List<String> problems = new ArrayList<>();
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            String at = file + ":" + (i + 1) + ": ";
            read(lines.get(i), users).ifPresent(problem -> problems.add(at + problem));
        }
        if (!problems.isEmpty()) {
            throw fault(String.join("\n", problems));
        }
        return new UsersFile(users, warnings(file));
    }

    /** What is wrong with the line. */
    private static Optional<String> read(String line, Map<String, Secret> users) {
        if (BLANK.matcher(line).matches()) {
            return Optional.empty();
        }
        Matcher form = LINE.matcher(line);
        if (!form.matches()) {
            return Optional.of("a line is \"user\" \"secret\", both in quotes, a quote inside written twice");
        }
        String user = form.group(1).replace("\"\"", "\"");
        String secret = form.group(2).replace("\"\"", "\"");
        if (user.isEmpty() || secret.isEmpty()) {
            return Optional.of("the " + (user.isEmpty() ? "user" : "secret") + " is empty");
        }
        if (secret.startsWith(ScramSha256.PREFIX) && StoredSecret.read(secret).isEmpty()) {
            return Optional.of("the secret of \"" + user + "\" begins as a SCRAM verifier but is none; copy rolpassword of pg_authid whole");
        }
        return users.put(user, new Secret(secret)) == null ? Optional.empty() : Optional.of("\"" + user + "\" stands in an earlier line too");
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw fault("database.router.users-file " + file + ": there is no such file");
        } catch (CharacterCodingException e) {
            throw fault("database.router.users-file " + file + ": it is not UTF-8");
        } catch (IOException e) {
            throw fault("database.router.users-file " + file + ": it cannot be read (" + e + ")");
        }
    }

    private static List<String> warnings(Path file) {
        try {
            return Files.getPosixFilePermissions(file).stream().anyMatch(FOR_OTHERS::contains)
                    ? List.of("database.router.users-file " + file + " can be read or written by others; chmod 600 " + file)
                    : List.of();
        } catch (IOException | UnsupportedOperationException e) {
            return List.of(); // a file system without permissions
        }
    }

    private static BanyanException fault(String what) {
        return new BanyanException(ErrorCode.BAD_SITE_FILE, what);
    }
}
