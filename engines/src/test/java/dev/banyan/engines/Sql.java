package dev.banyan.engines;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Statements by pgjdbc, as an application's, for tests. */
final class Sql {
    private Sql() {}

    static Connection open(DatabaseEndpoint at) throws SQLException {
        return DriverManager.getConnection(at.jdbcUrl().reveal());
    }

    static void run(RunningPostgres postgres, String... statements) throws SQLException {
        try (Connection connection = open(postgres.endpoint()); Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    /** The first column of the one row. */
    static String one(RunningPostgres postgres, String query) throws SQLException {
        try (Connection connection = open(postgres.endpoint())) {
            return one(connection, query);
        }
    }

    static String one(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(query)) {
            assertThat(result.next()).as(query).isTrue();
            return result.getString(1);
        }
    }
}
