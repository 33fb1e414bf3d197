package dev.banyan.http.cache;

import static dev.banyan.http.cache.Messages.NOON;
import static dev.banyan.http.cache.Messages.asked;
import static dev.banyan.http.cache.Messages.response;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectingFieldsTest {
    private final SelectingFields selecting = new SelectingFields();

    @ParameterizedTest(name = "{0}: {1} and {2}: {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "Foo             | Foo: 1                       | Foo: 1                              | true",
        "Foo             | Foo: 1                       | Foo: 2                              | false",
        "Foo             | Foo: 1                       | Bar: 1                              | false",
        "Foo             | Bar: 1                       | Foo: 1                              | false",
        "Foo             | Bar: 1                       | Bar: 2                              | true",
        "Foo             | Bar: 1                       | Foo:                                | false",
        "Foo             | Foo: a                       | FOO: a                              | true",
        "Foo             | Foo: a                       | Foo: A                              | false",
        "Foo             | Foo: 1, 2                    | Foo: 1;;Foo: 2                      | true",
        "Foo             | Foo: 1,2                     | Foo:  1 , 2                         | true",
        "Foo             | Foo: 1,2                     | Foo: 2,1                            | false",
        "Foo             | Foo: \"a, b\"                | Foo: \"a,b\"                        | false",
        "Foo, Bar        | Foo: 1;;Bar: 2               | Bar: 2;;Foo: 1                      | true",
        "Foo, Bar        | Foo: 1                       | Foo: 1                              | true",
        "Foo, Bar        | Foo: 1;;Bar: 2               | Foo: 1;;Bar: 3                      | false",
        "accept-encoding | Accept-Encoding: gzip, br    | Accept-Encoding: BR,gzip;q=0.5      | true",
        "accept-encoding | Accept-Encoding: gzip, br    | Accept-Encoding: br                 | false",
        "accept-encoding | Accept-Encoding: gzip        | Accept-Encoding: gzip, br;q=0       | true",
        "accept-encoding | Accept-Encoding: gzip        | Accept-Encoding: gzip, deflate      | false",
        "accept-encoding | Accept-Encoding: gzip        | Accept-Encoding: gzip, identity;q=0 | false",
        "accept-encoding | Accept-Encoding: gzip        | Accept-Encoding: gzip, *            | false",
        "accept-encoding | Accept-Encoding: gzip;q=0    | Accept-Encoding:                    | true",
        "accept-encoding | X: y                         | Accept-Encoding:                    | false",
        "accept-encoding | Accept-Encoding: gzip, gzip  | Accept-Encoding: gzip               | true",
        "accept-encoding | Accept-Encoding: gzip;q=2    | Accept-Encoding: gzip               | false",
        "Accept-Language | Accept-Language: en, de      | Accept-Language: DE ,  eN           | true",
        "Accept-Language | Accept-Language: en, de      | Accept-Language: de;q=1.0, en;q=1   | true",
        "Accept-Language | Accept-Language: en, de      | Accept-Language: de;q=0.5, en       | false",
        "Accept-Language | Accept-Language: en;q=0.5,de | Accept-Language: de, en;q=0.500     | true",
        "Accept-Language | Accept-Language: en-US, de   | Accept-Language: en, de             | false",
    })
    void requestsThatMeanTheSameGetTheSame(String vary, String one, String other, boolean same) {
        StoredHead.Vary stored = selecting.of(response(200, "Vary: " + vary).fields(), asked(one.split(";;")).head().fields()).orElseThrow();
        assertThat(selecting.match(stored, asked(other.split(";;")).head().fields())).isEqualTo(same);
    }

    @Test
    void namesAreOneListInLowerCase() {
        StoredHead.Vary vary = selecting.of(response(200, "Vary: Foo,, bar ", "vary: FOO", "Vary:").fields(), asked("Bar: 1").head().fields()).orElseThrow();
        assertThat(vary.names()).containsExactly("bar", "foo");
        assertThat(vary.values()).containsExactly("1", "");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"*", "*, *", ", *", "*, Foo", "Foo, *", "a b", "Foo, \"x\""})
    void anAsteriskAnywhereOrWhatIsNoNameIsNobodyElses(String value) {
        assertThat(selecting.of(response(200, "Vary: " + value).fields(), asked().head().fields())).isEmpty();
    }

    @Test
    void moreNamesThanAnyoneMeansAreNobodyElses() {
        StringBuilder names = new StringBuilder("a0");
        for (int i = 1; i < 17; i++) {
            names.append(",a").append(i);
        }
        assertThat(selecting.of(response(200, "Vary: " + names).fields(), asked().head().fields())).isEmpty();
    }

    @Test
    void ofSeveralThatMatchTheOneMadeLastIsChosen() {
        List<StoredHead> stored = new ArrayList<>();
        stored.add(stored(NOON, "Foo: 1"));
        stored.add(stored(NOON + 9000, "Foo: 1"));
        stored.add(stored(NOON + 5000, "Foo: 1"));
        stored.add(stored(NOON + 99_000, "Foo: 2"));
        assertThat(selecting.choose(stored, asked("Foo: 1"))).isEqualTo(1);
        assertThat(selecting.choose(stored, asked("Foo: 3"))).isEqualTo(-1);
        assertThat(selecting.choose(List.of(), asked())).isEqualTo(-1);
    }

    @Test
    void ofPartsTheOneThatHoldsTheBytesIsChosen() {
        StoredHead head = stored(NOON, "Foo: 1");
        List<StoredHead> stored = List.of(head.with(new StoredHead.Part(false, 0, 5, 20)), head.with(new StoredHead.Part(false, 10, 20, 20)));
        assertThat(selecting.choose(stored, asked("Foo: 1", "Range: bytes=12-"))).isEqualTo(1);
        assertThat(selecting.choose(stored, asked("Foo: 1", "Range: bytes=2-3"))).isZero();
    }

    @Property
    void aRequestAlwaysSelectsWhatAnsweredIt(@ForAll @CharRange(from = ' ', to = '~') String value) {
        for (String name : new String[] {"Foo", "Accept-Encoding", "Accept-Language"}) {
            RequestRules request = asked(name + ": " + value);
            StoredHead.Vary vary = selecting.of(response(200, "Vary: " + name).fields(), request.head().fields()).orElseThrow();
            assertThat(selecting.match(vary, request.head().fields())).isTrue();
        }
    }

    private static StoredHead stored(long at, String field) {
        Storing.Outcome outcome = new Storing(CacheRules.USUAL).decide(asked(field), response(200, "Cache-Control: max-age=600", "Vary: Foo"), at, at);
        return ((Storing.Store) outcome).head();
    }
}
