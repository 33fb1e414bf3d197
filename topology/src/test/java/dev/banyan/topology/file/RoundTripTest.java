package dev.banyan.topology.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.banyan.topology.Topology;
import dev.banyan.topology.file.RandomSite.Sample;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import tools.jackson.databind.json.JsonMapper;

/** Any site, written as a file (as JSON, which is YAML too), reads back as the same site. */
class RoundTripTest {
    @Property(tries = 200)
    void anySiteReadsBackAsItself(@ForAll Random random) {
        Sample site = new RandomSite(random).any(Shapes.SITE);
        String yaml = new JsonMapper().writeValueAsString(site.written());
        Findings findings = new Findings();
        ScalarReader scalars = new ScalarReader(new Variables(_ -> Optional.empty()), findings);
        Object read = new SiteReader(scalars, findings).read(Shapes.SITE, TreeReader.read(yaml).orElseThrow(), "");
        assertThat(findings.problems()).as(yaml).isEmpty();
        assertThat(read).isEqualTo(site.value());
        assertThat(SchemaTest.verdict(yaml)).as(yaml).contains("takes");
    }

    @Property(tries = 200)
    void theDifferenceOfTwoSitesIsEmptyExactlyWhenTheyAreEqual(@ForAll Random random) {
        RandomSite sites = new RandomSite(random);
        Topology one = (Topology) sites.any(Shapes.SITE).value();
        Topology other = (Topology) sites.any(Shapes.SITE).value();
        Topology mixed = new Topology(one.site(), one.stage(), other.application(), one.services(), one.database(), one.cache(), one.edge(), one.frontDoor(), one.gateway(), other.console(), one.telemetry(), one.slo());
        assertThat(SiteDiff.between(one, one).isEmpty()).isTrue();
        assertThat(SiteDiff.between(one, other).isEmpty()).isEqualTo(one.equals(other));
        assertThat(SiteDiff.between(one, mixed).changes()).allSatisfy(change -> assertThat(change.path()).matches("(application|console)\\..*"));
    }
}
