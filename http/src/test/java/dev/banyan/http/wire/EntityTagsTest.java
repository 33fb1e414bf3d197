package dev.banyan.http.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntityTagsTest {
    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(quoteCharacter = '`', value = {
        "W/\"1\",W/\"1\",false,true", "W/\"1\",W/\"2\",false,false", "W/\"1\",\"1\",false,true", "\"1\",\"1\",true,true", "\"1\",\"2\",false,false", "w/\"1\",\"1\",false,false",
    })
    void comparesAsTheTableOfTheRfc(String a, String b, boolean strongly, boolean weakly) {
        assertThat(EntityTags.sameStrongly(a, b)).isEqualTo(strongly);
        assertThat(EntityTags.sameWeakly(a, b)).isEqualTo(weakly);
    }

    @Test
    void findsATagInAList() {
        for (String list : new String[] {"\"a\"", "\"a\", \"b\"", "\"b\",\"a\"", "\"b\" ,, \"a\" ", "*", "\"b\", *", "\"x,y\", \"a\"", "W/\"x, \", W/\"a\""}) {
            assertThat(has(list, "\"a\"", false)).as(list).isTrue();
        }
        for (String list : new String[] {"", ",", "\"b\"", "a", "'a'", "\"a", "\"ab\"", "\"x, \"a\"", "w/\"a\""}) {
            assertThat(has(list, "\"a\"", false)).as(list).isFalse();
        }
    }

    @Test
    void aWeakTagIsNeverStronglyTheSame() {
        assertThat(has("W/\"a\"", "W/\"a\"", true)).isFalse();
        assertThat(has("\"a\"", "W/\"a\"", true)).isFalse();
        assertThat(has("W/\"a\"", "\"a\"", true)).isFalse();
        assertThat(has("\"a\"", "\"a\"", true)).isTrue();
    }

    @Test
    void commasWithinATagArePartOfIt() {
        assertThat(has("\"x\", \"a,b\"", "\"a,b\"", true)).isTrue();
        assertThat(has("\"a,b\"", "\"b\"", false)).isFalse();
    }

    @Test
    void theStarIsAnythingThatIsThere_butNoTagIsNoTag() {
        assertThat(has("*", "", true)).isTrue();
        assertThat(has("", "", false)).isFalse();
        assertThat(has("\"\"", "\"\"", true)).isTrue();
    }

    @Test
    void anUnquotedTagIsItselfOnly() {
        assertThat(has("abc", "abc", false)).isTrue();
        assertThat(has("abc", "abc", true)).isFalse();
        assertThat(has("abc", "\"abc\"", false)).isFalse();
    }

    @Property
    void whatHasATagStronglyHasItWeakly(@ForAll String list, @ForAll String tag) {
        String quoted = "\"" + tag + "\"";
        assertThat(!has(list, quoted, true) || has(list, quoted, false)).isTrue();
    }

    private static boolean has(String list, String tag, boolean strongly) {
        byte[] bytes = list.getBytes(StandardCharsets.ISO_8859_1);
        return EntityTags.has(bytes, 0, bytes.length, tag, strongly);
    }
}
