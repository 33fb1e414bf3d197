package dev.banyan.console;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How something can be broken on purpose. */
public enum FaultKind {
    /** A server's processes are killed, all at once. */
    KILL("kill"),
    /** A server's processes are stopped where they are, and go on at the end: connections stay open and nobody answers. */
    STOP("stop"),
    /** What is sent arrives later, in its order, in both directions. */
    LATENCY("latency"),
    /** What is sent vanishes in both directions, and connecting hangs. */
    DROP("drop"),
    /** Connections are reset, and new ones refused. */
    PARTITION("partition"),
    /** A server can write no file further. */
    FULL_DISK("full-disk");

    private final String word;

    FaultKind(String word) {
        this.word = word;
    }

    /** As the API, the command line and the log write it. */
    @JsonValue
    public String word() {
        return word;
    }

    /** @throws BanyanException USAGE, with the words there are */
    public static FaultKind of(String word) {
        return Stream.of(values()).filter(kind -> kind.word.equals(word)).findFirst().orElseThrow(() -> new BanyanException(ErrorCode.USAGE,
                "there is no kind of fault '" + word + "'; there are " + Stream.of(values()).map(FaultKind::word).collect(Collectors.joining(", "))));
    }
}
