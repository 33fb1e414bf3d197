package dev.banyan.topology.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.databind.json.JsonMapper;

/** The published schema: made from the records, and of one mind with the reader. */
class SchemaTest {
    static final Path FILE = Path.of("src/main/resources/dev/banyan/topology/banyan.schema.json");
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    @Test
    void isMadeFromTheRecords() {
        Golden.check(FILE, SchemaText.of(Shapes.SITE));
    }

    @Test
    void isItselfAValidSchema() {
        Schema meta = REGISTRY.getSchema(com.networknt.schema.SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        assertThat(meta.validate(SchemaText.of(Shapes.SITE), InputFormat.JSON)).isEmpty();
    }

    @Test
    void isNamedInTheFirstLineOfTheSampleSiteFile() {
        String first = Golden.read(Path.of("../site.yaml")).lines().findFirst().orElseThrow();
        assertThat(first).isEqualTo("# yaml-language-server: $schema=topology/" + FILE);
    }

    @TestFactory
    Stream<DynamicTest> takesWhatTheReaderTakes() {
        return GoodSites.ALL.entrySet().stream().map(good -> DynamicTest.dynamicTest(good.getKey(), () -> {
            Reading reading = SiteFile.read(good.getValue(), GoodSites::variable);
            assertThat(reading.report("site.yaml")).isEmpty();
            assertThat(reading).isInstanceOf(Reading.Site.class);
            assertThat(errors(good.getValue())).isEmpty();
        }));
    }

    /** What the schema refuses, the reader refuses; the table says of each problem of the reader whether the schema sees it too. */
    @TestFactory
    Stream<DynamicTest> refusesWhatTheTableSays() {
        return ProblemTable.read().stream().filter(row -> row.schema().isPresent()).map(row -> DynamicTest.dynamicTest(row.name(), () ->
                assertThat(errors(row.yaml()).isEmpty()).as("the schema takes it").isEqualTo(row.schema().get().equals("takes"))));
    }

    /** The schema's word on a YAML text; empty Optional when it is no YAML at all. */
    static Optional<String> verdict(String yaml) {
        try {
            return Optional.of(errors(yaml).isEmpty() ? "takes" : "refuses");
        } catch (RuntimeException noYaml) {
            return Optional.empty();
        }
    }

    private static List<Error> errors(String yaml) {
        LoadSettings settings = LoadSettings.builder().setSchema(new CoreSchema()).setAllowDuplicateKeys(true).build();
        String json = new JsonMapper().writeValueAsString(new Load(settings).loadFromString(yaml));
        return Held.SCHEMA.validate(json, InputFormat.JSON);
    }

    private static final class Held {
        static final Schema SCHEMA = REGISTRY.getSchema(SchemaText.of(Shapes.SITE), InputFormat.JSON);
    }
}
