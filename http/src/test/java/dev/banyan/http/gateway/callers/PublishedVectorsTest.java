package dev.banyan.http.gateway.callers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The signed examples of RFC 7515 (appendix A) and RFC 8037 (appendix A.4). */
class PublishedVectorsTest {
    private static final String JOE = ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.";
    private static final String A1 = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9" + JOE + "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private static final String A1_SECRET = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    private static final String A2 = "eyJhbGciOiJSUzI1NiJ9" + JOE
            + "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    private static final String A2_KEY = "{\"kty\":\"RSA\",\"n\":\"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ\",\"e\":\"AQAB\"}";
    private static final String A3 = "eyJhbGciOiJFUzI1NiJ9" + JOE + "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    private static final String A3_KEY = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}";
    private static final String A4 = "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn";
    private static final String A4_KEY = "{\"kty\":\"EC\",\"crv\":\"P-521\",\"x\":\"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk\",\"y\":\"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2\"}";
    private static final String ED25519 = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    private static final String ED25519_KEY = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";
    private static final Map<String, List<String>> EXAMPLES = Map.of("A.2", List.of(A2, A2_KEY, "RS256"), "A.3", List.of(A3, A3_KEY, "ES256"), "A.4", List.of(A4, A4_KEY, "ES512"), "8037", List.of(ED25519, ED25519_KEY, "EdDSA"));

    @ParameterizedTest
    @CsvSource({"A.2", "A.3", "A.4", "8037"})
    void theSignatureOfTheRfcIsRight_andEachOtherByteOfItWrong(String example) throws Unusable {
        String compact = EXAMPLES.get(example).get(0);
        SignatureAlgorithm algorithm = SignatureAlgorithm.of(EXAMPLES.get(example).get(2)).orElseThrow();
        List<Key> keys = KeySetReader.read(("{\"keys\":[" + EXAMPLES.get(example).get(1) + "]}").getBytes(StandardCharsets.UTF_8)).fitting(Optional.empty(), algorithm);
        assertThat(signed(compact, algorithm, keys)).isTrue();
        byte[] signature = Base64.getUrlDecoder().decode(compact.substring(compact.lastIndexOf('.') + 1));
        for (int i = 0; i < signature.length; i += 7) {
            byte[] other = signature.clone();
            other[i] ^= 1;
            assertThat(signed(compact.substring(0, compact.lastIndexOf('.') + 1) + Signer.base64(other), algorithm, keys)).as("byte " + i).isFalse();
        }
    }

    private static boolean signed(String compact, SignatureAlgorithm algorithm, List<Key> keys) {
        return Issuer.signed(new Token(compact, algorithm, Optional.empty(), Map.of()), keys);
    }

    @Test
    void theSharedSecretOfTheRfcIsRight() {
        Token token = Token.of(A1).token();
        assertThat(token.text("iss")).contains("joe");
        assertThat(token.time("exp")).contains(1300819380.0);
        assertThat(Issuer.signed(token, List.of(new SecretKeySpec(Base64.getUrlDecoder().decode(A1_SECRET), "HMAC")))).isTrue();
        assertThat(Issuer.signed(token, List.of(new SecretKeySpec(new byte[64], "HMAC")))).isFalse();
    }

    @Test
    void theUnsecuredExampleOfTheRfcIsRefused() {
        assertThat(Token.of("eyJhbGciOiJub25lIn0" + JOE).refused()).isEqualTo(Reason.MALFORMED);
        assertThat(Token.of("eyJhbGciOiJub25lIn0" + JOE + "AA").refused()).isEqualTo(Reason.ALGORITHM);
    }
}
