package dev.banyan.cache;

import dev.banyan.cache.Bound.Evicting;
import dev.banyan.cache.Bound.LoadSql;
import dev.banyan.topology.CacheKeys;
import dev.banyan.topology.CacheKeys.Shape;
import dev.banyan.topology.CacheKeys.Strategy;
import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Meets a declaration with the database, and finds all that is wrong with it. Used once, by one thread. */
final class Binding {
    private final Rule rule;
    private final CacheKeys declared;
    private final Connection connection;
    private final List<String> problems = new ArrayList<>();

    private Binding(Rule rule, Connection connection) {
        this.rule = rule;
        this.declared = rule.declared();
        this.connection = connection;
    }

    /** @param problems what is wrong, each with the key it is about first; then there is no bound */
    record Outcome(Optional<Bound> bound, List<String> problems) {}

    static Outcome of(Rule rule, Connection connection) throws SQLException {
        Binding binding = new Binding(rule, connection);
        Optional<Bound> bound = binding.declared.sql().isPresent() ? binding.statement(binding.declared.sql().get()) : binding.rows();
        return binding.problems.isEmpty() ? new Outcome(bound, List.of()) : new Outcome(Optional.empty(), List.copyOf(binding.problems));
    }

    private Optional<Bound> rows() throws SQLException {
        String name = declared.table().orElse("");
        Optional<Table> found = Catalogue.table(connection, name);
        if (found.isEmpty()) {
            problems.add("table " + name + " is not there: create it, or mend its name");
            return Optional.empty();
        }
        Table table = found.get();
        List<Column> key = declared.key().isEmpty() ? columns(table, table.primaryKey(), "key") : columns(table, plain(declared.key()), "key");
        if (declared.key().isEmpty() && table.primaryKey().isEmpty()) {
            problems.add("key is not given, and table " + name + " has no primary key: name the columns that find a row");
        }
        List<Column> values = declared.columns().isEmpty() ? allValues(table, key) : columns(table, plain(declared.columns()), "columns");
        checkKey(table, key);
        checkValues(values);
        List<Evicting> evicting = evicting(key.size());
        if (!problems.isEmpty()) {
            return Optional.empty();
        }
        LoadSql load = RowSql.load(rule.shape(), table, key, values);
        prepared(load.text(), "table");
        return Optional.of(new Bound(rule, Optional.of(table), key, values, key.size(), load, evicting));
    }

    private static List<String> plain(List<String> written) {
        return written.stream().map(Names::plain).toList();
    }

    private List<Column> columns(Table table, List<String> names, String where) {
        List<Column> columns = new ArrayList<>();
        for (String name : names) {
            table.column(name).ifPresentOrElse(columns::add, () -> problems.add(where + ": table " + table.full() + " has no column " + name + " (it has "
                    + table.columns().stream().map(Column::name).collect(Collectors.joining(", ")) + ")"));
        }
        return columns;
    }

    /** A value of one column is the one that is not the key, if there is only one. */
    private List<Column> allValues(Table table, List<Column> key) {
        return rule.shape() == Shape.COLUMN ? table.columns().stream().filter(column -> !key.contains(column)).toList() : table.columns();
    }

    private void checkKey(Table table, List<Column> key) {
        for (Column column : key) {
            if (!column.fitsKeys()) {
                problems.add("key: column " + column.name() + " is of type " + column.type() + ", which has no one text: keys are whole numbers, numeric, text, varchar, uuid, date or an enumeration");
            }
        }
        if (rule.strategy() == Strategy.WRITE_BEHIND) {
            key.stream().filter(column -> column.fitsKeys() && !column.tellsCanonical()).forEach(column -> problems.add("key: column " + column.name() + " is of type " + column.type()
                    + "; with write-behind keys are whole numbers, text, varchar, uuid or an enumeration"));
        }
        boolean unique = table.unique().contains(new HashSet<>(key.stream().map(Column::name).toList()));
        if (!key.isEmpty() && !unique) {
            problems.add("key: " + key.stream().map(Column::name).collect(Collectors.joining(", ")) + " is not unique in table " + table.full()
                    + ", so a key is no one row: create a unique index on it, or declare a statement (sql)");
        }
    }

    private void checkValues(List<Column> values) {
        if (rule.shape() == Shape.COLUMN && values.size() != 1) {
            problems.add("columns: a value of one column needs one, not " + values.size() + ": name it");
        }
        if (rule.writes()) {
            values.stream().filter(Column::generated).filter(_ -> !declared.columns().isEmpty())
                    .forEach(column -> problems.add("columns: " + column.name() + " is generated by the database and cannot be written: leave it out, or use strategy read-through"));
        }
    }

    private Optional<Bound> statement(String text) throws SQLException {
        StatementText statement = StatementText.of(text);
        List<Column> values = new ArrayList<>();
        List<String> types = new ArrayList<>();
        checkNumbers(statement);
        try (PreparedStatement prepared = connection.prepareStatement("SELECT * FROM (" + statement.jdbc() + "\n) AS q")) {
            ParameterMetaData parameters = prepared.getParameterMetaData();
            String[] byNumber = new String[statement.count()];
            for (int i = 0; i < statement.parameters().size(); i++) {
                byNumber[statement.parameters().get(i) - 1] = parameters.getParameterTypeName(i + 1);
            }
            types.addAll(List.of(byNumber));
            describe(prepared.getMetaData(), values);
        } catch (SQLException e) {
            problems.add("sql: PostgreSQL does not accept it as a query: " + SqlErrors.text(e) + " (SQLSTATE " + SqlErrors.state(e) + ")");
        }
        List<Evicting> evicting = evicting(statement.count());
        if (!problems.isEmpty()) {
            return Optional.empty();
        }
        boolean told = declared.evictedBy().stream().anyMatch(by -> !by.columns().isEmpty());
        LoadSql load = RowSql.load(rule.shape(), statement, told ? types : List.of(), values);
        prepared(load.text(), "sql");
        return Optional.of(new Bound(rule, Optional.empty(), List.of(), values, statement.count(), load, evicting));
    }

    private void checkNumbers(StatementText statement) {
        for (int number = 1; number <= statement.count(); number++) {
            if (!statement.parameters().contains(number)) {
                problems.add("sql: has $" + statement.count() + " but not $" + number + ": number the parameters from $1 on");
            }
        }
        if (statement.parameters().contains(0)) {
            problems.add("sql: has $0: parameters are numbered from $1 on");
        }
    }

    private void describe(ResultSetMetaData columns, List<Column> values) throws SQLException {
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            values.add(new Column(columns.getColumnLabel(i), columns.getColumnTypeName(i), 'X', false, true));
        }
        if (rule.shape() == Shape.COLUMN && values.size() != 1) {
            problems.add("sql: a value of one column needs a statement with one, not " + values.size());
        }
    }

    private List<Evicting> evicting(int parts) throws SQLException {
        List<Evicting> all = new ArrayList<>();
        for (CacheKeys.EvictedBy by : declared.evictedBy()) {
            Optional<Table> table = Catalogue.table(connection, by.table());
            if (table.isEmpty()) {
                problems.add("evicted-by: table " + by.table() + " is not there: create it, or mend its name");
                continue;
            }
            List<Column> columns = columns(table.get(), plain(by.columns()), "evicted-by");
            if (!by.columns().isEmpty() && by.columns().size() != parts) {
                problems.add("evicted-by: " + by.columns().size() + " columns of " + by.table() + " for keys of " + parts + " parts: name one for each part, in their order, or none");
            }
            all.add(new Evicting(table.get(), columns.stream().map(Column::name).toList()));
        }
        return all;
    }

    private void prepared(String text, String where) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            statement.getParameterMetaData(); // makes the server parse it
        } catch (SQLException e) {
            problems.add(where + ": PostgreSQL does not accept what it comes to: " + SqlErrors.text(e) + " (SQLSTATE " + SqlErrors.state(e) + ")");
        }
    }
}
