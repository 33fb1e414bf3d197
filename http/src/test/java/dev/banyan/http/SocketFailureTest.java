package dev.banyan.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.BindException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocketFailureTest {
    @ParameterizedTest
    @CsvSource({
        "finishConnect(..) failed with error(-111): Connection refused: /127.0.0.1:7001, Connection refused",
        "Connection refused: localhost/127.0.0.1:7001, Connection refused",
        "bind(..) failed with error(-98): Address already in use, Address already in use",
        "Address already in use, Address already in use",
        "no route to host, no route to host",
    })
    void theSystemsWordsAreLeft(String message, String words) {
        assertThat(SocketFailure.words(new ConnectException(message))).isEqualTo(words);
    }

    @Test
    void aFailureWithoutAMessageIsNamed() {
        assertThat(SocketFailure.words(new BindException())).isEqualTo("BindException");
    }

    @Test
    void theAdviceFitsTheFailure() {
        assertThat(SocketFailure.advice("Permission denied", "front-door.listen")).startsWith("choose a port over 1023 with front-door.listen");
        assertThat(SocketFailure.advice("Address already in use", "front-door.listen")).isEqualTo("end what holds it, or choose another with front-door.listen");
    }
}
