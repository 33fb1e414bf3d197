package dev.banyan.engines;

import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code .banyan/postgresql/cluster.json}: which embedded server is the primary, for a Banyan that was not there when it was decided. It is on
 * disk before a promotion begins. No server but the one it names is ever started as a primary.
 */
public record ClusterFile(Path file) {
    private static final String FILE = "cluster.json";
    private static final Pattern TEXT = Pattern.compile(
            "\\{\"epoch\": (\\d{1,18}), \"primary\": \"([a-z0-9-]+)\", \"members\": \\[([^\\]]*)\\], \"synchronous\": \\[([^\\]]*)\\], \"named\": (\\d{1,9})\\}\\s*");
    private static final Pattern NAME = Pattern.compile("\"([a-z0-9-]+)\"");

    /**
     * What was decided.
     *
     * @param epoch grows with each change of the primary
     * @param members all servers, the primary included
     * @param synchronous for which of them commits wait; empty when for none
     * @param named the highest number that a server of this site was ever called by
     */
    public record Content(long epoch, String primary, List<String> members, List<String> synchronous, int named) {
        public Content {
            members = List.copyOf(members);
            synchronous = List.copyOf(synchronous);
            if (!members.contains(primary)) {
                throw new IllegalArgumentException("the primary " + primary + " is none of the members " + members);
            }
        }
    }

    static ClusterFile in(StateFolder home) {
        return new ClusterFile(home.postgres().resolve(FILE));
    }

    /** Empty before the first decision. One that cannot be read is DISK, for it must not be guessed. */
    public Optional<Content> read() {
        try {
            return Files.exists(file) ? Optional.of(parse(Files.readString(file))) : Optional.empty();
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, file + ", which says which server is the primary, cannot be read: " + Reason.of(e), e);
        }
    }

    /** On disk, with the folder's entry, when this returns. */
    public void write(Content content) {
        String text = "{\"epoch\": %d, \"primary\": \"%s\", \"members\": [%s], \"synchronous\": [%s], \"named\": %d}%n".formatted(
                content.epoch(), content.primary(), names(content.members()), names(content.synchronous()), content.named());
        try {
            AtomicFile.write(file, text);
        } catch (IOException e) {
            throw new BanyanException(ErrorCode.DISK, file + ", which says which server is the primary, cannot be written: " + Reason.of(e), e);
        }
    }

    private Content parse(String text) throws IOException {
        Matcher fields = TEXT.matcher(text);
        if (!fields.matches()) {
            throw new IOException("it is not as Banyan writes it: " + text.strip());
        }
        return new Content(Long.parseLong(fields.group(1)), fields.group(2), names(fields.group(3)), names(fields.group(4)), Integer.parseInt(fields.group(5)));
    }

    private static String names(List<String> names) {
        return String.join(", ", names.stream().map(name -> '"' + name + '"').toList());
    }

    private static List<String> names(String list) {
        return NAME.matcher(list).results().map(found -> found.group(1)).toList();
    }
}
