package dev.banyan.bench.pgjdbc;

import dev.banyan.bench.suite.SuiteReport;
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

/** What Surefire reported of the tests. */
final class SurefireReports {
    private SurefireReports() {}

    /** Reads a folder of Surefire's reports. */
    static SuiteReport read(Path reports, Collection<String> hung) throws IOException {
        int run = 0;
        int skipped = 0;
        List<SuiteReport.Failure> failures = new ArrayList<>();
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
        hung.forEach(name -> failures.add(new SuiteReport.Failure(name, "hung")));
        return new SuiteReport(run, skipped, failures);
    }

    /** Reads the report of one class. */
    static SuiteReport read(InputStream in) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        XMLStreamReader xml = factory.createXMLStreamReader(in);
        int run = 0;
        int skipped = 0;
        List<SuiteReport.Failure> failures = new ArrayList<>();
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
                case "failure", "error" -> failures.add(new SuiteReport.Failure(test, firstLine(xml)));
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
