package dev.banyan.cli;

import dev.banyan.cache.Declarations;
import dev.banyan.topology.BanyanException;
import dev.banyan.topology.CacheKeys;
import dev.banyan.topology.ErrorCode;
import dev.banyan.topology.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What {@code cache.keys} says of tables and statements, against the real ones. */
final class DeclaredTables {
    private DeclaredTables() {}

    /**
     * All that is wrong; nothing when no site with a database runs there, for its tables are not known then.
     *
     * @throws BanyanException ENGINE_FAILED when the running site's database does not answer
     */
    static List<Problem> check(Path stateFolder, List<CacheKeys> keys) {
        if (keys.isEmpty() || !Files.isDirectory(stateFolder) || Running.find(stateFolder).isEmpty()) {
            return List.of();
        }
        Optional<DatabaseAccess> access = DatabaseAccess.find(stateFolder);
        if (access.isEmpty()) {
            return List.of();
        }
        try (Connection connection = DriverManager.getConnection(access.get().endpoint().jdbcUrl().reveal())) {
            return Declarations.check(keys, connection);
        } catch (SQLException e) {
            throw new BanyanException(ErrorCode.ENGINE_FAILED, "the site runs, but its database could not be asked for the tables of cache.keys: " + e.getMessage(), e);
        }
    }
}
