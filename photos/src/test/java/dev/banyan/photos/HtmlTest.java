package dev.banyan.photos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class HtmlTest {
    @Test
    void escapesText() {
        assertThat(Html.html("<p>{}</p>", "<script>alert('x' & \"y\")</script>").toString())
                .isEqualTo("<p>&lt;script&gt;alert(&#39;x&#39; &amp; &quot;y&quot;)&lt;/script&gt;</p>");
    }

    @Test
    void escapesInsideAttributes_soThatAQuoteCannotEndThem() {
        assertThat(Html.html("<a title=\"{}\">", "\" onmouseover=\"alert(1)").toString())
                .isEqualTo("<a title=\"&quot; onmouseover=&quot;alert(1)\">");
    }

    @Test
    void doesNotFillAPlaceholderThatCameWithAValue() {
        assertThat(Html.html("{}-{}", "{}", "b").toString()).isEqualTo("{}-b");
    }

    @Test
    void leavesWhatIsHtmlAlready() {
        Html inner = Html.html("<b>{}</b>", "a<b");
        assertThat(Html.html("<p>{}{}</p>", inner, List.of(inner)).toString()).isEqualTo("<p><b>a&lt;b</b><b>a&lt;b</b></p>");
    }

    @Test
    void refusesTooFewAndTooManyValuesAndNull() {
        assertThatIllegalArgumentException().isThrownBy(() -> Html.html("{} {}", "one"));
        assertThatIllegalArgumentException().isThrownBy(() -> Html.html("{}", "one", "two"));
        assertThatIllegalArgumentException().isThrownBy(() -> Html.html("{}", (Object) null));
    }

    @Test
    void nothingDangerousSurvives_inTenThousandRandomTexts() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 10_000; i++) {
            String text = random.ints(random.nextInt(1, 20), 0, 8).mapToObj(n -> "<>\"'&;a{".substring(n, n + 1)).collect(Collectors.joining());
            assertThat(Html.html("{}", text).toString()).doesNotContainPattern("[<>\"']").doesNotContainPattern("&(?!(amp|lt|gt|quot|#39);)");
        }
    }
}
