package dev.banyan.engines;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives a child a session of its own, so that Ctrl-C at the terminal reaches Banyan alone, which then ends its children in order, and so
 * that everything below the child can be told by its session. {@code setsid} replaces itself by the command: the process id stays.
 */
final class Session {
    private static final List<Path> SETSID = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));
    private static final Path PERL = Path.of("/usr/bin/perl");

    private Session() {}

    /** Linux has setsid, macOS has Perl; elsewhere the child stays in Banyan's session. */
    static List<String> lead(List<String> command) {
        List<String> words = new ArrayList<>(SETSID.stream().filter(Files::isExecutable).findFirst()
                .map(setsid -> List.of(setsid.toString()))
                .orElseGet(Session::otherwise));
        words.addAll(command);
        return words;
    }

    /** Either one looks the program up in the child's own PATH, which Java would look up in Banyan's. */
    static List<String> otherwise() {
        return Files.isExecutable(PERL)
                ? List.of(PERL.toString(), "-MPOSIX=setsid", "-e", "setsid(); exec { $ARGV[0] } @ARGV or die \"$ARGV[0]: $!\\n\"", "--")
                : List.of("/usr/bin/env");
    }
}
