package dev.banyan.drill.tour;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TourPageTest {
    private static final DrawingCode DRAWING = new DrawingCode(Map.of("drawing.js", "import { layout } from './layout.js';\nexport const draw = () => layout();", "layout.js", "export const layout = () => 1;"), ".drawing{}");

    @Test
    void nothingThatASiteSaysOfItselfBecomesMarkup() {
        String page = new TourExample().saying(TourExample.HOSTILE).drillFailing().report().html(DRAWING);
        assertThat(page).doesNotContain("<script>alert").doesNotContain("<img").contains("&lt;img src=x onerror=&#39;alert(2)&#39;&gt;&quot;&amp;").contains("\\u003c/script>");
        assertThat(Pattern.compile("</script>").matcher(page).results().count()).as("one end for each of our four scripts").isEqualTo(4);
    }

    @Test
    void theJsonInThePageIsTheReports() {
        TourReport report = new TourExample().saying(TourExample.HOSTILE).report();
        JsonMapper json = new JsonMapper();
        assertThat(json.readTree(between(report.html(DRAWING), "id=\"report\">", "</script>"))).isEqualTo(json.readTree(report.json()));
    }

    @Test
    void itLoadsNothing() {
        String page = new TourExample().report().html(DRAWING);
        assertThat(page).contains("default-src 'none'").doesNotContainPattern("(src|href)\\s*=\\s*[\"']?(https?:)?//").doesNotContain("@import").doesNotContain("url(");
        assertThat(page).contains("uPlot").contains("id=\"plot-rate\"").contains("prefers-color-scheme: dark").contains("@media print");
    }

    @Test
    void theDrawingsModulesImportEachOtherByNameFromWithinThePage() {
        JsonNode imports = new JsonMapper().readTree(between(new TourExample().report().html(DRAWING), "<script type=\"importmap\">", "</script>")).path("imports");
        assertThat(module(imports, "page/drawing.js")).isEqualTo("import { layout } from 'page/layout.js';\nexport const draw = () => layout();");
        assertThat(module(imports, "page/layout.js")).isEqualTo("export const layout = () => 1;");
    }

    @Test
    void wordsAndTablesNeedNoScript() {
        String page = new TourExample().failingInMove(2).report().html(DrawingCode.NONE);
        assertThat(page).contains("did not hold").contains("2 of 50 requests failed").contains("<th scope=\"row\">2 separate database</th>").contains("banyan tour --short").contains("eject as usual")
                .contains("<p class=\"failure\">");
        assertThat(Pattern.compile("<(section|details|table|ol|ul|dl|figure|main|header)[ >]").matcher(page).results().map(MatchResult::group).count())
                .isEqualTo(Pattern.compile("</(section|details|table|ol|ul|dl|figure|main|header)>").matcher(page).results().count());
    }

    private static String module(JsonNode imports, String name) {
        String address = imports.path(name).asString();
        assertThat(address).startsWith("data:text/javascript;base64,");
        return new String(Base64.getDecoder().decode(address.substring(address.indexOf(',') + 1)), StandardCharsets.UTF_8);
    }

    private static String between(String page, String from, String to) {
        int begin = page.indexOf(from) + from.length();
        return page.substring(begin, page.indexOf(to, begin));
    }
}
