package dev.banyan.photos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TokenTest {
    @Test
    void tokensAreLongAndNeverTheSame() {
        assertThat(Token.random().text()).hasSize(43).isNotEqualTo(Token.random().text());
    }

    @Test
    void csrfBelongsToItsTokenOnly() {
        Token token = Token.random();
        assertThat(token.allows(token.csrf())).isTrue();
        assertThat(token.allows(Token.random().csrf())).isFalse();
        assertThat(token.allows(null)).isFalse();
        assertThat(token.csrf()).doesNotContain(token.text());
    }

    @Test
    void whatTheDatabaseKeepsIsNotTheToken() {
        Token token = new Token("abc");
        assertThat(token.hash()).matches("[0-9a-f]{64}").isEqualTo(new Token("abc").hash());
        assertThat(token.toString()).doesNotContain("abc");
    }

    @Test
    void passwordsAreSaltedAndCarryTheirRounds() {
        Passwords passwords = new Passwords(1_000);
        String stored = passwords.hash("correct horse");
        assertThat(stored).startsWith("pbkdf2-sha512$1000$").isNotEqualTo(passwords.hash("correct horse"));
        assertThat(new Passwords(5_000).matches("correct horse", stored)).isTrue();
        assertThat(passwords.matches("wrong horse", stored)).isFalse();
    }
}
