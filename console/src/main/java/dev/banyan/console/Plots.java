package dev.banyan.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** uPlot's files, which draw the plots: out of its jar, so that its version stands in the parent pom alone. Its module begins with its licence. */
enum Plots {
    /** An ES module whose default export is the class. */
    MODULE("uPlot.esm.js"),
    STYLE("uPlot.min.css");

    private final String file;

    Plots(String file) {
        this.file = file;
    }

    byte[] bytes() {
        Properties made = new Properties();
        try (InputStream in = open("/META-INF/maven/org.webjars.npm/uplot/pom.properties")) {
            made.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (InputStream in = open("/META-INF/resources/webjars/uplot/" + made.getProperty("version") + "/dist/" + file)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String name) {
        InputStream in = Plots.class.getResourceAsStream(name);
        if (in == null) {
            throw new IllegalStateException("uPlot's jar is not on the class path: there is no " + name);
        }
        return in;
    }
}
