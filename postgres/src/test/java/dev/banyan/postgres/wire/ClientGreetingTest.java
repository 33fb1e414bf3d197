package dev.banyan.postgres.wire;

import static dev.banyan.postgres.wire.Wire.message;
import static dev.banyan.postgres.wire.Wire.start;
import static dev.banyan.postgres.wire.Wire.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.banyan.net.LocalCertificate;
import dev.banyan.postgres.Proof;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientGreetingTest {
    @ParameterizedTest
    @CsvSource({"ada, right, R10 R11 R12 R0 in:scram", "bob, right, R10 R11 R12 R0 in:password", "ada, wrong, R10 R11 E28P01 closed", "bob, wrong, R10 R11 E28P01 closed", "nobody, right, R10 R11 E28P01 closed"})
    void letsInWhoKnowsThePassword(String user, String password, String outcome) throws Exception {
        try (Visit visit = new Visit()) {
            assertThat(visit.send(start("user", user)).scram(password).outcome()).isEqualTo(outcome);
        }
    }

    @Test
    void sameWordsForAStrangerAndAWrongPassword() throws Exception {
        try (Visit wrong = new Visit(); Visit stranger = new Visit()) {
            wrong.send(start("user", "ada")).scram("wrong");
            stranger.send(start("user", "nobody")).scram("wrong");
            assertThat(stranger.told.message().replace("nobody", "ada")).isEqualTo(wrong.told.message());
        }
    }

    @Test
    void tellsWhoItIsAndWhatItWants() throws Exception {
        try (Visit visit = new Visit()) {
            visit.send(start(2, "user", "ada", "database", "photos", "options", "-c TimeZone=CET -cgeqo=off --statement-timeout=5s -c search_path=a\\ b\\\\", "application_name", "psql", "timezone", "UTC"));
            visit.scram(Visit.PASSWORD);
            assertThat(visit.login.user()).isEqualTo("ada");
            assertThat(visit.login.database()).isEqualTo("photos");
            assertThat(visit.login.minor()).isEqualTo(2);
            assertThat(visit.login.settings())
                    .isEqualTo(Map.of("timezone", "UTC", "geqo", "off", "statement_timeout", "5s", "search_path", "a b\\", "application_name", "psql"));
            assertThat(visit.channel.pipeline().names()).as("the pipeline is bare").hasSize(1);
        }
    }

    @Test
    void whatAClientsProofLeavesIsItsKey() throws Exception {
        try (Visit visit = new Visit()) {
            visit.send(start("user", "ada")).scram(Visit.PASSWORD);
            var keys = ScramSha256.keys(Visit.PASSWORD, Visit.SCRAM.salt(), Visit.SCRAM.iterations());
            assertThat(visit.login.proof()).isInstanceOfSatisfying(Proof.ScramKeys.class, left -> {
                assertThat(left.clientKey()).isEqualTo(keys.clientKey());
                assertThat(left.serverKey()).isEqualTo(keys.serverKey());
            });
            assertThat(visit.login.database()).as("the user's name").isEqualTo("ada");
        }
    }

    @Test
    void losesNothingThatWasSentBehindTheProof() throws Exception {
        try (Visit visit = new Visit()) {
            byte[] query = message('Q', utf8("select 1\0"));
            assertThat(visit.send(start("user", "ada")).scram(Visit.PASSWORD, query).outcome()).endsWith("in:scram");
            assertThat(visit.rest).isEqualTo(new String(query));
        }
    }

    @Test
    void asksByMd5_whereOnlyThatCanBeChecked() {
        try (Visit visit = new Visit()) {
            assertThat(visit.send(start("user", "eve")).outcome()).isEqualTo("R5");
            String answer = Passwords.md5Answer(Passwords.md5Verifier("eve", Visit.PASSWORD), visit.lastRequest);
            assertThat(visit.send(message('p', utf8(answer + "\0"))).outcome()).isEqualTo("R5 R0 in:md5");
        }
    }

    @Test
    void waitsForALookup_andReadsNothingMeanwhile() throws Exception {
        try (Visit visit = new Visit(Optional.empty(), false, true)) {
            assertThat(visit.send(start("user", "ada")).outcome()).isEmpty();
            assertThat(visit.channel.config().isAutoRead()).isFalse();
            visit.lookups.getFirst().run();
            assertThat(visit.channel.config().isAutoRead()).isTrue();
            assertThat(visit.scram(Visit.PASSWORD).outcome()).isEqualTo("R10 R11 R12 R0 in:scram");
        }
    }

    @Test
    void aLookupMayAnswerAfterTheClientHasGone() {
        try (Visit visit = new Visit(Optional.empty(), false, true)) {
            visit.send(start("user", "ada"));
            visit.channel.close();
            visit.lookups.getFirst().run();
            assertThat(visit.outcome()).isEqualTo("closed");
        }
    }

    @Test
    void takesABoundedAmountAheadOfALookup() {
        try (Visit visit = new Visit(Optional.empty(), false, true)) {
            assertThat(visit.send(start("user", "ada"), new byte[64 * 1024]).outcome()).isEmpty();
            assertThat(visit.send(new byte[1]).outcome()).isEqualTo("E08P01 closed");
        }
    }

    @ParameterizedTest
    @CsvSource({"0, closed", "3, closed", "8, closed"})
    void closesWhoIsSilent_atTheLimit(int sent, String outcome) {
        try (Visit visit = new Visit()) {
            visit.send(java.util.Arrays.copyOf(start("user", "ada"), sent));
            visit.channel.advanceTimeBy(Visit.LIMIT.toMillis() - 1, TimeUnit.MILLISECONDS);
            visit.channel.runScheduledPendingTasks();
            assertThat(visit.outcome()).isEmpty();
            visit.channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
            visit.channel.runScheduledPendingTasks();
            assertThat(visit.outcome()).isEqualTo(outcome);
            assertThat(visit.told.message()).isEqualTo("canceling authentication: the client was not logged in after 60000 ms");
        }
    }

    @Test
    void tellsWhoIsAskedAndSilent_andForgetsTheLimitOfWhoIsIn() throws Exception {
        try (Visit asked = new Visit(); Visit in = new Visit()) {
            asked.send(start("user", "ada"));
            in.send(start("user", "ada")).scram(Visit.PASSWORD);
            for (Visit visit : List.of(asked, in)) {
                visit.channel.advanceTimeBy(61, TimeUnit.SECONDS);
                visit.channel.runScheduledPendingTasks();
            }
            assertThat(asked.outcome()).isEqualTo("R10 E57014 closed");
            assertThat(in.outcome()).endsWith("in:scram");
        }
    }

    @Test
    void aCancelRequestsConnectionClosesWhenItHasBeenPassedOn() {
        try (Visit visit = new Visit()) {
            assertThat(visit.send(Wire.packet(1234, 5678, Wire.int32(5), Wire.int32(6))).outcome()).isEqualTo("cancel:5:4");
            visit.cancelDone();
            assertThat(visit.outcome()).isEqualTo("cancel:5:4 closed");
        }
    }

    @Test
    void takesWhatComesWithARequestForTlsAsAnAttack() {
        try (ClientTls tls = tls(); Visit plain = new Visit(); Visit secure = new Visit(Optional.of(tls), false, false)) {
            byte[] sent = Wire.join(Wire.SSL_REQUEST, start("user", "ada"));
            assertThat(plain.send(sent).outcome()).isEqualTo("closed");
            assertThat(secure.send(sent).outcome()).isEqualTo("closed");
            assertThat(secure.told.message()).startsWith("received unencrypted data after TLS request");
        }
    }

    @Test
    void clearBytesInPlaceOfAHandshakeCloseTheConnection() {
        try (ClientTls tls = tls(); Visit visit = new Visit(Optional.of(tls), false, false)) {
            assertThat(visit.send(Wire.SSL_REQUEST).outcome()).isEqualTo("S");
            assertThat(visit.send(start("user", "ada")).outcome()).endsWith("closed").doesNotContain("R10");
            assertThat(visit.told.message()).startsWith("the TLS handshake failed: ");
        }
    }

    @Test
    void refusesWhoComesInClear_whereTlsIsRequired() {
        try (ClientTls tls = tls(); Visit visit = new Visit(Optional.of(tls), true, false)) {
            assertThat(visit.send(start("user", "ada")).outcome()).isEqualTo("E28000 closed");
            assertThatThrownBy(() -> new Visit(Optional.empty(), true, false)).hasMessageContaining("no certificate");
        }
    }

    private static ClientTls tls() {
        return ClientTls.of(LocalCertificate.make(Instant.now()).identity());
    }

    /** A client's end of TLS in memory, over a visit. */
    private static final class Tunnel implements AutoCloseable {
        final Visit visit;
        final EmbeddedChannel client;
        final SslContext context;

        Tunnel(Visit visit, String... alpn) throws Exception {
            this.visit = visit;
            var builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK).trustManager(InsecureTrustManagerFactory.INSTANCE).endpointIdentificationAlgorithm("");
            if (alpn.length > 0) {
                builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN, ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT, alpn));
            }
            context = builder.build();
            client = new EmbeddedChannel(context.newHandler(io.netty.buffer.UnpooledByteBufAllocator.DEFAULT));
            pump();
        }

        /** Carries bytes both ways until there are none. */
        void pump() throws Exception {
            for (int still = 0; still < 5; still++) {
                client.runPendingTasks();
                visit.channel.runPendingTasks();
                for (ByteBuf out = client.readOutbound(); out != null; out = client.readOutbound()) {
                    still = 0;
                    if (visit.channel.isOpen()) {
                        visit.channel.writeInbound(out);
                    } else {
                        out.release();
                    }
                }
                for (ByteBuf out = visit.channel.readOutbound(); out != null; out = visit.channel.readOutbound()) {
                    still = 0;
                    client.writeInbound(out);
                }
            }
        }

        Tunnel send(byte[] bytes) throws Exception {
            client.writeOutbound(Unpooled.copiedBuffer(bytes));
            pump();
            return this;
        }

        /** Types of the messages that came, and the last message. */
        List<String> said() {
            List<String> all = new ArrayList<>();
            for (ByteBuf in = client.readInbound(); in != null; in = client.readInbound()) {
                while (in.isReadable()) {
                    char type = (char) in.readByte();
                    ByteBuf body = in.readSlice(in.getInt(in.readerIndex())).skipBytes(4);
                    all.add(type == 'R' ? "R" + body.readInt() + " " + body.toString(java.nio.charset.StandardCharsets.ISO_8859_1).replace('\0', ' ').strip() : type == 'E' ? "E" + ServerError.read(body).state() : "" + type);
                }
                in.release();
            }
            return all;
        }

        @Override
        public void close() {
            client.finishAndReleaseAll();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void speaksThroughTls_askedForOrDirect_andBindsTheLoginToIt(boolean direct) throws Exception {
        var identity = LocalCertificate.make(Instant.now()).identity();
        try (ClientTls tls = ClientTls.of(identity); Visit visit = new Visit(Optional.of(tls), true, false)) {
            if (!direct) {
                assertThat(visit.send(Wire.SSL_REQUEST).outcome()).isEqualTo("S");
            }
            try (Tunnel tunnel = direct ? new Tunnel(visit, "postgresql") : new Tunnel(visit)) {
                assertThat(tunnel.send(start("user", "ada")).said()).containsExactly("R10 SCRAM-SHA-256-PLUS SCRAM-SHA-256");
                byte[] endPoint = ChannelBinding.endPoint(identity.chain().getFirst()).orElseThrow();
                ScramClient scram = new ScramClient(Optional.of(endPoint), true, "nonce");
                var challenge = scram.challenged(tunnel.send(Wire.saslInitial(scram.mechanism(), scram.first())).said().getFirst().substring(4));
                List<String> end = tunnel.send(message('p', utf8(scram.last(ScramSha256.keys(Visit.PASSWORD, challenge.salt(), challenge.iterations()))))).said();
                assertThat(end.getFirst()).startsWith("R12 v=");
                assertThat(scram.proves(end.getFirst().substring(4))).isTrue();
                assertThat(end.getLast()).isEqualTo("R0 ");
                assertThat(visit.words).containsExactly("in:scram");
                assertThat(visit.channel.pipeline().names()).as("TLS stays").hasSize(2);
            }
        }
    }

    @Test
    void seesWhoStandsBetween_byTheChannelBinding() throws Exception {
        try (ClientTls tls = tls(); Visit visit = new Visit(Optional.of(tls), true, false); Tunnel tunnel = new Tunnel(visit, "postgresql")) {
            byte[] others = ChannelBinding.endPoint(LocalCertificate.make(Instant.now()).identity().chain().getFirst()).orElseThrow();
            ScramClient scram = new ScramClient(Optional.of(others), true, "nonce");
            tunnel.send(start("user", "ada")).said();
            var challenge = scram.challenged(tunnel.send(Wire.saslInitial(scram.mechanism(), scram.first())).said().getFirst().substring(4));
            assertThat(tunnel.send(message('p', utf8(scram.last(ScramSha256.keys(Visit.PASSWORD, challenge.salt(), challenge.iterations()))))).said()).containsExactly("E28000");
            assertThat(visit.told.message()).contains("something stands between");
        }
    }

    @Test
    void refusesDirectTlsWithoutTheProtocolsName_andEncryptionInEncryption() throws Exception {
        try (ClientTls tls = tls(); Visit without = new Visit(Optional.of(tls), false, false); Tunnel tunnel = new Tunnel(without);
                Visit twice = new Visit(Optional.of(tls), false, false); Tunnel again = new Tunnel(twice, "postgresql")) {
            assertThat(tunnel.said()).containsExactly("E08P01");
            assertThat(without.told.message()).startsWith("a direct TLS connection must ask for the protocol \"postgresql\" by ALPN");
            assertThat(again.send(Wire.SSL_REQUEST).said()).containsExactly("E08P01");
        }
    }

    @Test
    void ourOwnBugsCloseTheConnection_andAreTold() {
        EmbeddedChannel channel = new EmbeddedChannel();
        List<PostgresError> told = new ArrayList<>();
        Arrivals arrivals = new Arrivals() {
            @Override
            public void arrived(io.netty.channel.Channel in, dev.banyan.postgres.Login login, ByteBuf rest) {}

            @Override
            public void cancel(int processId, byte[] key, Runnable done) {}

            @Override
            public void turnedAway(io.netty.channel.Channel in, PostgresError why) {
                told.add(why);
            }
        };
        Users broken = (user, loop, found) -> {
            throw new IllegalStateException("a bug");
        };
        channel.pipeline().addLast(new ClientGreeting(new Greetings(broken, Strangers.of(Visit.SECRETS), Optional.empty(), false, arrivals, Visit.LIMIT, Visit.SECRETS)));
        channel.writeInbound(Unpooled.copiedBuffer(start("user", "ada")));
        assertThat(channel.isOpen()).isFalse();
        assertThat(told).singleElement().extracting(PostgresError::state).isEqualTo("XX000");
        channel.finishAndReleaseAll();
    }
}
