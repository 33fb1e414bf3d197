package dev.banyan.bench.pgjdbc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What the tests said.
 *
 * @param run tests that were run, the skipped ones included, as Surefire counts them
 * @param failures in the order of the classes' names
 */
record SuiteReport(int run, int skipped, List<Failure> failures) {
    /**
     * A test that failed.
     *
     * @param test as {@code org.postgresql.test.jdbc2.BlobTest#large}; the class alone when all of it hung
     * @param message the first line of what it said
     */
    record Failure(String test, String message) {}

    SuiteReport {
        failures = List.copyOf(failures);
    }

    /** Reads a folder of Surefire's reports. */
    static SuiteReport read(Path reports, Collection<String> hung) throws IOException {
        int run = 0;
        int skipped = 0;
        List<Failure> failures = new ArrayList<>();
        List<Path> files;
        try (Stream<Path> all = Files.list(reports)) {
            files = all.filter(file -> file.getFileName().toString().startsWith("TEST-")).sorted().toList();
        }
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                SuiteReport one = read(in);
                run += one.run();
                skipped += one.skipped();
                failures.addAll(one.failures());
            } catch (XMLStreamException e) {
                throw new IOException(file + " is no report of Surefire: " + e.getMessage(), e);
            }
        }
        hung.forEach(name -> failures.add(new Failure(name, "hung")));
        return new SuiteReport(run, skipped, failures);
    }

    /** Reads the report of one class. */
    static SuiteReport read(InputStream in) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        XMLStreamReader xml = factory.createXMLStreamReader(in);
        int run = 0;
        int skipped = 0;
        List<Failure> failures = new ArrayList<>();
        String test = "";
        while (xml.hasNext()) {
            if (xml.next() != XMLStreamConstants.START_ELEMENT) {
                continue;
            }
            switch (xml.getLocalName()) {
                case "testcase" -> {
                    run++;
                    test = xml.getAttributeValue(null, "classname") + "#" + xml.getAttributeValue(null, "name");
                }
                case "skipped" -> skipped++;
                case "failure", "error" -> failures.add(new Failure(test, firstLine(xml)));
                default -> { }
            }
        }
        return new SuiteReport(run, skipped, failures);
    }

    private static String firstLine(XMLStreamReader failure) {
        String message = failure.getAttributeValue(null, "message");
        String words = message == null ? failure.getAttributeValue(null, "type") : message;
        return words == null ? "" : words.lines().findFirst().orElse("");
    }
}
