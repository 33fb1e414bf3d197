package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A front door tells what was written to, so that whoever has it stored elsewhere hears of it. */
class WritesTest {
    private static final Origin.Script BY_PATH = (request, out) -> {
        String path = request.line().split(" ")[1];
        String status = path.startsWith("/fails") ? "409 Conflict" : path.startsWith("/moves") ? "303 See Other" : "200 OK";
        Origin.write(out, "HTTP/1.1 " + status + "\r\nLocation: /photos/7#top\r\nContent-Location: http://elsewhere/\r\nContent-Length: 0\r\n\r\n");
    };

    private static List<String> told(String request) throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        try (Origin origin = new Origin(BY_PATH); Site site = Site.of("", origin)) {
            site.door.tellingWrites(told::addAll);
            Client.ask(site, request + " HTTP/1.1\r\nHost: Shop.example\r\nContent-Length: 0\r\n\r\n");
        }
        return told;
    }

    @ParameterizedTest
    @CsvSource({"POST /photos?a=b", "PUT /photos?a=b", "DELETE /photos?a=b", "PATCH /photos?a=b", "ANY /photos?a=b"})
    void whatARequestHasChangedIsTold_andWhatItsAnswerNames(String request) throws Exception {
        assertThat(told(request)).containsExactly("http://shop.example/photos?a=b", "http://shop.example/photos/7");
    }

    @Test
    void aRedirectAfterAWriteIsASuccess() throws Exception {
        assertThat(told("POST /moves")).startsWith("http://shop.example/moves");
    }

    @ParameterizedTest
    @CsvSource({"GET /photos", "HEAD /photos", "OPTIONS /photos", "POST /fails"})
    void whatChangesNothingIsNotTold(String request) throws Exception {
        assertThat(told(request)).isEmpty();
    }
}
