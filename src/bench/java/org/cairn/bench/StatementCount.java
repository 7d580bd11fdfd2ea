package org.cairn.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.regex.Pattern;

/**
 * How many SQL statements the server executes, counted in its own log: what an extension would have
 * to be preloaded for. Slow while it counts, so nothing is timed meanwhile.
 */
final class StatementCount implements AutoCloseable {

  private static final Pattern STATEMENT =
      Pattern.compile("LOG: {2}(?:execute [^:]*|statement): (?!BEGIN|COMMIT|select 1$)");

  /** For the server to read its configuration, and to write the last lines. */
  private static final long SETTLE_MILLIS = 700;

  private final Database superuser;
  private final Path log;

  StatementCount(Database superuser, Path log) {
    this.superuser = superuser;
    this.log = log;
  }

  /**
   * Statements that {@code work} causes, without BEGIN and COMMIT, and without those that an idle
   * server executes in the same time.
   */
  double of(Meter.Work work) throws Exception {
    set("'all'");
    try {
      long before = Files.size(log);
      double seconds = Watch.seconds(work) + SETTLE_MILLIS / 1e3;
      Thread.sleep(SETTLE_MILLIS);
      long after = Files.size(log);
      Thread.sleep((long) (seconds * 1e3));
      return count(before, after) - count(after, Files.size(log));
    } finally {
      set("default");
    }
  }

  private void set(String value) throws Exception {
    superuser.execute("alter system set log_statement = " + value);
    superuser.execute("select pg_reload_conf()");
    Thread.sleep(SETTLE_MILLIS);
  }

  private long count(long from, long to) throws IOException {
    try (var channel = Files.newByteChannel(log)) {
      channel.position(from);
      var bytes = java.nio.ByteBuffer.allocate(Math.toIntExact(to - from));
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
      return STATEMENT
          .matcher(new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8))
          .results()
          .count();
    }
  }

  @Override
  public void close() throws SQLException {
    superuser.close();
  }
}
