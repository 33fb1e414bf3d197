package dev.banyan.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** The {@code banyan} command. Exit codes: 0 done, 1 failed, 2 wrong usage or a bad site file. */
@Command(
        name = "banyan",
        description = "Takes a web application from one server to millions of users, one stage at a time, while it is live.",
        synopsisSubcommandLabel = "VERB",
        sortOptions = false,
        versionProvider = Version.class,
        footer = {"", "Begin with: banyan up", "Exit codes: 0 done, 1 failed, 2 wrong usage or a bad site file."})
public final class Banyan {
    @Option(names = {"-h", "--help"}, usageHelp = true, scope = CommandLine.ScopeType.INHERIT, description = "Says what it does and takes.")
    private boolean help;

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "Says which build it is, and which Java it runs on.")
    private boolean version;

    private Banyan() {}

    public static void main(String[] words) {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        int code = run(Terminal.of(out, err), words);
        out.flush();
        System.exit(code);
    }

    /** Does what the words say; what is printed goes to the terminal given. */
    static int run(Terminal terminal, String... words) {
        Verbs verbs = new Verbs(terminal);
        CommandLine line = new CommandLine(new Banyan(), verbs);
        verbs.addTo(line, words);
        line.setOut(terminal.writer());
        line.setErr(terminal.errorWriter());
        line.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(new Misuse(terminal));
        line.setExecutionExceptionHandler((failure, _, _) -> Failures.tell(failure, terminal));
        line.setExecutionStrategy(Verbs::execute);
        return line.execute(words);
    }
}
