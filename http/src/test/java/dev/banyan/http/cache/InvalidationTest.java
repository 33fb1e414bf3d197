package dev.banyan.http.cache;

import static dev.banyan.http.cache.Messages.response;
import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.http.wire.Method;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvalidationTest {
    private static final String URL = "https://shop.example/a/b?c";

    @ParameterizedTest(name = "{0} and {1}: {2}")
    @CsvSource({"POST,200,true", "PUT,204,true", "DELETE,301,true", "PATCH,303,true", "OTHER,200,true", "POST,404,false", "POST,500,false", "GET,200,false", "HEAD,200,false",
        "OPTIONS,200,false", "QUERY,200,false"})
    void whatSucceedsInChangingSomethingInvalidates(Method method, int status, boolean invalidates) {
        assertThat(Invalidation.urls(URL, method, response(status))).hasSize(invalidates ? 1 : 0);
    }

    @Test
    void whatTheAnswerNamesIsInvalidToo_onTheSameOriginOnly() {
        assertThat(Invalidation.urls(URL, Method.POST, response(201, "Location: ../new", "Content-Location: https://shop.example:443/list#top")))
                .containsExactly(URL, "https://shop.example/new", "https://shop.example/list");
        assertThat(Invalidation.urls(URL, Method.POST, response(201, "Location: https://other.example/x", "Content-Location: http://shop.example/y"))).containsExactly(URL);
        assertThat(Invalidation.urls(URL, Method.POST, response(201, "Location: https://shop.example:8443/x", "Location: mailto:a@b", "Location: //shop.example/z"))).containsExactly(URL,
                "https://shop.example/z");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        // RFC 3986 section 5.4, as far as it is http, without fragments
        "g              | http://a/b/c/g",
        "./g            | http://a/b/c/g",
        "g/             | http://a/b/c/g/",
        "/g             | http://a/g",
        "//g            | http://g/",
        "?y             | http://a/b/c/d;p?y",
        "g?y            | http://a/b/c/g?y",
        "#s             | http://a/b/c/d;p?q",
        "g#s            | http://a/b/c/g",
        ";x             | http://a/b/c/;x",
        "``             | http://a/b/c/d;p?q",
        ".              | http://a/b/c/",
        "./             | http://a/b/c/",
        "..             | http://a/b/",
        "../g           | http://a/b/g",
        "../..          | http://a/",
        "../../../../g  | http://a/g",
        "/./g           | http://a/g",
        "/../g          | http://a/g",
        "g.             | http://a/b/c/g.",
        "..g            | http://a/b/c/..g",
        "./../g         | http://a/b/g",
        "g/./h          | http://a/b/c/g/h",
        "g;x=1/../y     | http://a/b/c/y",
        "g?y/../x       | http://a/b/c/g?y/../x",
        "http://A:80/   | http://a/",
        "https://A:443  | https://a/",
        "http://a:443/  | http://a:443/",
        "HTTP://B?q     | http://b/?q",
        "mailto:x       | ``",
        "http:g         | ``",
        "http://u@a/    | ``",
        "http:///x      | ``",
    })
    void resolvesReferences(String reference, String expected) {
        assertThat(Targets.resolve("http://a/b/c/d;p?q", reference)).isEqualTo(expected);
    }

    @Property
    void anyReferenceIsAUrlOrNone(@ForAll String reference) {
        String url = Targets.resolve("https://a/b", reference);
        assertThat(url.isEmpty() || url.startsWith("http")).isTrue();
        if (!url.isEmpty()) {
            assertThat(Targets.sameOrigin(url, url)).isTrue();
            assertThat(Targets.resolve(url, url)).isEqualTo(url);
        }
    }
}
