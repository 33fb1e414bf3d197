package dev.banyan.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code banyan --version} prints: what was built, from which commit where the build knew it, and what it runs on. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        Properties build = build();
        String commit = build.getProperty("commit");
        return new String[] {
            "banyan " + build.getProperty("version") + (commit.isEmpty() ? "" : " (commit " + commit + ")"),
            "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ") in " + System.getProperty("java.home"),
            System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch"),
        };
    }

    /** As {@code 0.1.0}. */
    static String number() {
        return build().getProperty("version");
    }

    private static Properties build() {
        Properties build = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("build.properties")) {
            build.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("build.properties of Banyan's own jar", e);
        }
        return build;
    }
}
