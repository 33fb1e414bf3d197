package dev.banyan.drill.tour;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** uPlot, as its webjar has it, and our own files that a report carries along. */
final class PlotCode {
    private static final String WEBJAR = "META-INF/maven/org.webjars.npm/uplot/pom.properties";

    private PlotCode() {}

    static String script() {
        return uplot("uPlot.iife.min.js");
    }

    static String style() {
        return uplot("uPlot.min.css");
    }

    /** A file beside this class. */
    static String own(String name) {
        return read("dev/banyan/drill/tour/" + name);
    }

    private static String uplot(String file) {
        Properties webjar = new Properties();
        try (InputStream in = open(WEBJAR)) {
            webjar.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(WEBJAR, e);
        }
        return read("META-INF/resources/webjars/uplot/" + webjar.getProperty("version") + "/dist/" + file);
    }

    private static String read(String path) {
        try (InputStream in = open(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }

    private static InputStream open(String path) {
        InputStream in = PlotCode.class.getClassLoader().getResourceAsStream(path);
        if (in == null) {
            throw new IllegalStateException(path + " is not on the class path: the build is not whole");
        }
        return in;
    }
}
