package dev.banyan.postgres.sql;

/**
 * A change of a run-time setting by SET, RESET or set_config.
 *
 * @param name in lower case as pg_settings has it ({@code timezone} for TIME ZONE, {@code client_encoding} for NAMES); {@code *} is RESET ALL
 * @param value what stands behind {@code SET name TO}, as it was written ({@code 'a', b}, {@code DEFAULT}); empty for a reset
 * @param local it ends with the transaction
 */
public record SettingChange(String name, String value, boolean local) {
    public boolean reset() {
        return value.isEmpty();
    }
}
