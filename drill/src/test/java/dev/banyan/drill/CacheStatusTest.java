package dev.banyan.drill;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The examples of RFC 9211, and what several caches on the way say. */
class CacheStatusTest {
    @Test
    void anyCacheThatHadItSavedTheOriginTheRequest() {
        assertThat(CacheStatus.of("ExampleCache; hit; ttl=376")).isEqualTo(CacheStatus.HIT);
        assertThat(CacheStatus.of("shield; hit; ttl=30, edge-1; fwd=uri-miss; stored")).isEqualTo(CacheStatus.HIT);
        assertThat(CacheStatus.of("edge-1;HIT;ttl=-412")).isEqualTo(CacheStatus.HIT);
    }

    @Test
    void whoeverWaitedWithAnotherAskedTheOriginForNothing() {
        assertThat(CacheStatus.of("ExampleCache; fwd=uri-miss; collapsed")).isEqualTo(CacheStatus.COLLAPSED);
    }

    @Test
    void aValidationIsARequestToTheOrigin() {
        assertThat(CacheStatus.of("ExampleCache; fwd=stale; fwd-status=304; collapsed=?0; ttl=376")).isEqualTo(CacheStatus.FORWARDED);
        assertThat(CacheStatus.of("ExampleCache; fwd=bypass; detail=\"a hit elsewhere\"")).isEqualTo(CacheStatus.FORWARDED);
        assertThat(CacheStatus.of(" ")).isEqualTo(CacheStatus.NONE);
    }
}
