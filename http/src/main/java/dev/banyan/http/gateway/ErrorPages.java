package dev.banyan.http.gateway;

import dev.banyan.http.wire.FieldLine;
import dev.banyan.http.wire.LocalAnswer;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Gateway.ErrorPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The site's own pages for errors, by status, read when the table of routes is made. Immutable. */
final class ErrorPages {
    /** Pages are kept in memory. */
    static final long LARGEST = 1 << 20;

    private final Map<Integer, Page> byStatus = new HashMap<>();

    /**
     * Reads the files.
     *
     * @param folder what their paths are relative to
     * @throws BanyanException BAD_SITE_FILE when one cannot be read
     */
    ErrorPages(Map<String, ErrorPage> pages, Path folder) {
        pages.forEach((statuses, page) -> {
            if (statuses.endsWith("xx")) {
                int first = (statuses.charAt(0) - '0') * 100;
                Page read = Page.read(page, folder);
                for (int status = first; status < first + 100; status++) {
                    byStatus.putIfAbsent(status, read);
                }
            }
        });
        pages.forEach((statuses, page) -> {
            if (!statuses.endsWith("xx")) {
                byStatus.put(Integer.parseInt(statuses), Page.read(page, folder));
            }
        });
    }

    /** The answer with the site's page for its status as its body, where there is one. */
    LocalAnswer dress(LocalAnswer answer) {
        Page page = byStatus.get(answer.status());
        if (page == null || answer.bodiless()) {
            return answer;
        }
        Stream<FieldLine> others = answer.fields().stream().filter(field -> !field.name().equalsIgnoreCase("Content-Type"));
        return new LocalAnswer(answer.status(), answer.reason(), Stream.concat(others, Stream.of(page.type())).toList(), page.body());
    }

    /** What stands in for a service's answer of that status; null when that goes by. */
    LocalAnswer instead(int status) {
        Page page = byStatus.get(status);
        return page == null || !page.intercept() ? null : dress(new LocalAnswer(status, "the service's answer has a page of the site's own", 0));
    }

    /** @throws BanyanException BAD_SITE_FILE when it cannot be read */
    static byte[] read(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new BanyanException(ErrorCode.BAD_SITE_FILE, file + " has " + Files.size(file) + " bytes, and a page of the gateway may have " + LARGEST + ": make it smaller, or let it load what is large");
            }
            return Files.readAllBytes(file);
        } catch (IOException failed) {
            throw new BanyanException(ErrorCode.BAD_SITE_FILE, file + " cannot be read (" + failed.getMessage() + "): gateway.error-pages and gateway.maintenance name pages that are there");
        }
    }

    private record Page(FieldLine type, byte[] body, boolean intercept) {
        static Page read(ErrorPage page, Path folder) {
            return new Page(new FieldLine("Content-Type", MediaTypes.of(page.file().toString())), ErrorPages.read(folder.resolve(page.file())), page.intercept());
        }
    }
}
