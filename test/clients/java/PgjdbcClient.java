import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;

/**
 * pgjdbc against the gateway whose URL, user and password are the arguments: prints a line of JSON for each case,
 * {"case": name, "value": …}, or "error" in place of the value.
 */
public final class PgjdbcClient {
  private interface Case {
    Object run() throws Exception;
  }

  private interface Reading<T> {
    T read(ResultSet rows) throws SQLException;
  }

  private static Connection connection;

  public static void main(String[] arguments) throws Exception {
    Properties properties = new Properties();
    properties.setProperty("user", arguments[1]);
    properties.setProperty("password", arguments[2]);
    connection = DriverManager.getConnection(arguments[0], properties);
    metadata(connection.getMetaData());
    queries();
    fetching();
    writes();
    transactions();
    ending(arguments[0], properties);
    connection.close();
  }

  private static void metadata(DatabaseMetaData metadata) {
    report("schemas", () -> all(metadata.getSchemas(), (rows) -> rows.getString("TABLE_SCHEM")));
    report("tables", () -> all(metadata.getTables(null, "stripe", "%", new String[] {"TABLE"}), (rows) -> rows.getString("TABLE_NAME")));
    report("columns", () -> all(metadata.getColumns(null, "stripe", "customers", "%"), (rows) -> List.of(
        rows.getString("COLUMN_NAME"), rows.getString("TYPE_NAME"), rows.getString("IS_NULLABLE"))));
    report("comment", () -> all(metadata.getColumns(null, "stripe", "customers", "id"), (rows) -> rows.getString("REMARKS")));
    report("every column", () -> all(metadata.getColumns(null, "stripe", "%", "%"), (rows) -> 1).size());
    report("primary key", () -> all(metadata.getPrimaryKeys(null, "stripe", "customers"), (rows) -> rows.getString("COLUMN_NAME")));
    report("imported keys", () -> all(metadata.getImportedKeys(null, "stripe", "invoices"), (rows) -> List.of(
        rows.getString("FKCOLUMN_NAME"), rows.getString("PKTABLE_NAME"), rows.getString("PKCOLUMN_NAME"))));
    report("exported keys", () -> all(metadata.getExportedKeys(null, "stripe", "customers"), (rows) -> rows.getString("FKTABLE_NAME")));
    report("indexes", () -> all(metadata.getIndexInfo(null, "stripe", "customers", true, true), (rows) -> rows.getString("COLUMN_NAME")));
    report("functions", () -> all(metadata.getFunctions(null, "stripe", "%"), (rows) -> rows.getString("FUNCTION_NAME")));
    report("function columns", () -> all(metadata.getFunctionColumns(null, "stripe", "accept_quote", "quote_id"),
        (rows) -> rows.getString("TYPE_NAME")).get(0));
    report("privileges", () -> all(metadata.getTablePrivileges(null, "stripe", "customers"), (rows) -> rows.getString("PRIVILEGE")));
    report("others", () -> {
      Map<String, Boolean> found = new LinkedHashMap<>();
      found.put("catalogs", !all(metadata.getCatalogs(), (rows) -> 1).isEmpty());
      found.put("types", !all(metadata.getTypeInfo(), (rows) -> 1).isEmpty());
      found.put("table types", !all(metadata.getTableTypes(), (rows) -> 1).isEmpty());
      found.put("keywords", !metadata.getSQLKeywords().isEmpty());
      found.put("best row", !all(metadata.getBestRowIdentifier(null, "stripe", "customers", 0, true), (rows) -> 1).isEmpty());
      found.put("client properties", !all(metadata.getClientInfoProperties(), (rows) -> 1).isEmpty());
      return found;
    });
  }

  private static void queries() {
    report("rows", () -> all(query("SELECT id, created, balance, livemode, metadata, email FROM customers ORDER BY id LIMIT 20"),
        (rows) -> Arrays.asList(rows.getString(1), rows.getObject(2, OffsetDateTime.class).toInstant().toString(), rows.getLong(3),
            rows.getBoolean(4), rows.getString(5), rows.getString(6))));
    report("described", () -> {
      ResultSetMetaData described = query("SELECT id, balance, created, metadata, balance * 1.5 FROM customers LIMIT 1").getMetaData();
      List<Object> columns = new ArrayList<>();
      for (int column = 1; column <= described.getColumnCount(); column++) {
        columns.add(List.of(described.getColumnName(column), described.getColumnTypeName(column), described.getTableName(column)));
      }
      return columns;
    });
    report("prepared", () -> {
      // From its fifth run on it is a statement of the server's, whose rows come in binary.
      List<Object> counts = new ArrayList<>();
      try (PreparedStatement statement = connection.prepareStatement(
          "SELECT count(*), max(created) FROM customers WHERE balance >= ? AND created > ? AND livemode = ?")) {
        for (int turn = 0; turn < 8; turn++) {
          statement.setLong(1, 0);
          statement.setTimestamp(2, new Timestamp(0));
          statement.setBoolean(3, false);
          counts.add(all(statement.executeQuery(), (rows) -> List.of(
              rows.getLong(1), rows.getObject(2, OffsetDateTime.class).toInstant().toString())).get(0));
        }
      }
      return counts;
    });
    report("after DISCARD ALL", () -> {
      try (PreparedStatement statement = connection.prepareStatement("SELECT count(*) FROM products WHERE active = ?")) {
        List<Object> counts = new ArrayList<>();
        for (int turn = 0; turn < 7; turn++) {
          statement.setBoolean(1, true);
          counts.add(all(statement.executeQuery(), (rows) -> rows.getLong(1)).get(0));
          if (turn == 5) connection.createStatement().execute("DISCARD ALL");
        }
        return counts;
      }
    });
    report("parameter types", () -> {
      ParameterMetaData described = connection.prepareStatement("SELECT id FROM customers WHERE created > ? AND balance = ?").getParameterMetaData();
      return List.of(described.getParameterTypeName(1), described.getParameterTypeName(2));
    });
    report("array", () -> {
      PreparedStatement statement = connection.prepareStatement("SELECT count(*) FROM products WHERE id = ANY(?)");
      Object[] ids = all(query("SELECT id FROM products"), (rows) -> rows.getString(1)).toArray();
      statement.setArray(1, connection.createArrayOf("text", ids));
      return all(statement.executeQuery(), (rows) -> rows.getLong(1));
    });
    report("several results", () -> {
      Statement statement = connection.createStatement();
      List<Object> results = new ArrayList<>();
      for (boolean has = statement.execute("SELECT 1; SELECT count(*) FROM products; SELECT 3"); has; has = statement.getMoreResults()) {
        results.addAll(all(statement.getResultSet(), (rows) -> rows.getLong(1)));
      }
      return results;
    });
    report("escapes", () -> all(query("SELECT {fn length('abc')}, {d '2026-01-31'} FROM products LIMIT 1"),
        (rows) -> List.of(rows.getInt(1), rows.getDate(2).toString())));
    report("copied", () -> {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      connection.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY (SELECT id FROM customers ORDER BY id LIMIT 3) TO STDOUT", out);
      return Arrays.asList(out.toString().split("\n"));
    });
    report("errors", () -> List.of(
        failure(() -> query("SELECT emial FROM customers")), failure(() -> query("SELECT FROM WHERE")),
        failure(() -> query("SELECT 1 / balance FROM customers WHERE balance = 0")),
        failure(() -> connection.createStatement().execute("CREATE TABLE t (a int)"))));
  }

  private static void fetching() {
    report("in portions", () -> {
      connection.setAutoCommit(false);
      try (PreparedStatement statement = connection.prepareStatement("SELECT id FROM customers WHERE balance > ?")) {
        statement.setFetchSize(60);
        statement.setLong(1, -1_000_000);
        return all(statement.executeQuery(), (rows) -> rows.getString(1));
      } finally {
        connection.commit();
        connection.setAutoCommit(true);
      }
    });
    report("scrolled", () -> {
      Statement statement = connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY);
      ResultSet rows = statement.executeQuery("SELECT id FROM customers ORDER BY id LIMIT 5");
      rows.last();
      int count = rows.getRow();
      rows.absolute(2);
      return List.of(count, rows.getString(1));
    });
    report("at most", () -> {
      Statement statement = connection.createStatement();
      statement.setMaxRows(7);
      return all(statement.executeQuery("SELECT id FROM customers"), (rows) -> rows.getString(1)).size();
    });
  }

  private static void writes() {
    report("generated keys", () -> {
      PreparedStatement statement = connection.prepareStatement(
          "INSERT INTO customers (email, name) VALUES (?, ?)", Statement.RETURN_GENERATED_KEYS);
      statement.setString(1, "pgjdbc@example.com");
      statement.setString(2, null);
      int count = statement.executeUpdate();
      return List.of(count, all(statement.getGeneratedKeys(), (rows) -> rows.getString("id").substring(0, 4)));
    });
    report("batch", () -> {
      PreparedStatement statement = connection.prepareStatement("INSERT INTO customers (email, name) VALUES (?, ?)");
      for (String name : List.of("A", "B", "C")) {
        statement.setString(1, "pgjdbc@example.com");
        statement.setString(2, name);
        statement.addBatch();
      }
      return Arrays.stream(statement.executeBatch()).boxed().toList();
    });
    report("updatable rows", () -> {
      Statement statement = connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_UPDATABLE);
      ResultSet rows = statement.executeQuery("SELECT id, name FROM customers WHERE email = 'pgjdbc@example.com' AND name = 'A'");
      rows.next();
      rows.updateString("name", "Z");
      rows.updateRow();
      return all(query("SELECT name FROM customers WHERE email = 'pgjdbc@example.com' ORDER BY name"), (found) -> found.getString(1));
    });
    report("deleted", () -> connection.createStatement().executeUpdate("DELETE FROM customers WHERE email = 'pgjdbc@example.com'"));
  }

  private static void transactions() {
    report("savepoint", () -> {
      connection.setAutoCommit(false);
      try {
        Savepoint savepoint = connection.setSavepoint("before");
        Object failed = failure(() -> query("SELECT 1 / 0"));
        Object aborted = failure(() -> query("SELECT 1"));
        connection.rollback(savepoint);
        return List.of(failed, aborted, all(query("SELECT count(*) FROM products"), (rows) -> rows.getLong(1)));
      } finally {
        connection.commit();
        connection.setAutoCommit(true);
      }
    });
    report("read only", () -> {
      connection.setReadOnly(true);
      try {
        // While it commits by itself, pgjdbc leaves it to its user to write nothing.
        connection.setAutoCommit(false);
        String write = "UPDATE customers SET name = 'x' WHERE email = 'nobody@example.com'";
        return failure(() -> connection.createStatement().executeUpdate(write));
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
        connection.setReadOnly(false);
      }
    });
    report("isolation", () -> {
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      boolean isSerializable = connection.getTransactionIsolation() == Connection.TRANSACTION_SERIALIZABLE;
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      return isSerializable;
    });
  }

  /** Stripe gives no answer on charges meanwhile. */
  private static void ending(String url, Properties properties) {
    report("time limit", () -> {
      Statement statement = connection.createStatement();
      statement.setQueryTimeout(1);
      Object failed = failure(() -> statement.executeQuery("SELECT count(*) FROM charges"));
      return List.of(failed, connection.isValid(10));
    });
    report("wrong password", () -> {
      Properties wrong = new Properties();
      wrong.putAll(properties);
      wrong.setProperty("password", "another");
      return failure(() -> DriverManager.getConnection(url, wrong));
    });
    report("time zone", () -> {
      connection.createStatement().execute("SET TIME ZONE 'Asia/Tokyo'");
      return all(query("SELECT created::text FROM customers ORDER BY id LIMIT 1"), (rows) -> rows.getString(1));
    });
    report("schema", () -> {
      connection.setSchema("stripe");
      return connection.getSchema();
    });
  }

  private static ResultSet query(String sql) throws SQLException {
    return connection.createStatement().executeQuery(sql);
  }

  private static <T> List<T> all(ResultSet rows, Reading<T> reading) throws SQLException {
    List<T> read = new ArrayList<>();
    try (rows) {
      while (rows.next()) read.add(reading.read(rows));
    }
    return read;
  }

  /** The SQLSTATE and place, 0 for none, of the error that a call ends in. */
  private static Object failure(Case call) throws Exception {
    try {
      call.run();
    } catch (PSQLException error) {
      int position = error.getServerErrorMessage() == null ? 0 : error.getServerErrorMessage().getPosition();
      return List.of(error.getSQLState(), position);
    }
    return "none";
  }

  private static void report(String name, Case call) {
    String outcome;
    try {
      outcome = "\"value\": " + json(call.run());
    } catch (Exception error) {
      outcome = "\"error\": " + json(error + "\n" + Arrays.toString(error.getStackTrace()));
    }
    System.out.println("{\"case\": " + json(name) + ", " + outcome + "}");
  }

  private static String json(Object value) {
    if (value == null || value instanceof Number || value instanceof Boolean) return String.valueOf(value);
    if (value instanceof List<?> list) return "[" + String.join(", ", list.stream().map(PgjdbcClient::json).toList()) + "]";
    if (value instanceof Map<?, ?> map) {
      return "{" + String.join(", ", map.entrySet().stream().map((entry) -> json(entry.getKey()) + ": " + json(entry.getValue())).toList()) + "}";
    }
    StringBuilder text = new StringBuilder("\"");
    for (char character : value.toString().toCharArray()) {
      if (character == '"' || character == '\\') text.append('\\').append(character);
      else if (character < ' ') text.append(String.format("\\u%04x", (int) character));
      else text.append(character);
    }
    return text.append('"').toString();
  }
}
