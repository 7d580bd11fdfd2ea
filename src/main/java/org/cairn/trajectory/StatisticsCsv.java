package org.cairn.trajectory;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows as lines of RFC 4180. */
final class StatisticsCsv implements StatisticsSink {

  private static final String LINE_END = "\r\n";

  private final Writer writer;
  private final List<StatisticsColumn> columns;

  StatisticsCsv(OutputStream out, List<StatisticsColumn> columns) throws IOException {
    this.writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    this.columns = columns;
    line(StatisticsColumn::title);
  }

  /** What a line has in a column. */
  private interface Cell {
    @Nullable Object in(StatisticsColumn column);
  }

  @Override
  public void write(StatisticsRow row) throws IOException {
    line(column -> column.of(row));
  }

  private void line(Cell cell) throws IOException {
    for (int i = 0; i < columns.size(); i++) {
      if (i > 0) {
        writer.write(',');
      }
      var value = cell.in(columns.get(i));
      if (value != null) {
        writer.write(quoted(value.toString()));
      }
    }
    writer.write(LINE_END);
  }

  private static String quoted(String text) {
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
    return plain ? text : "\"" + text.replace("\"", "\"\"") + "\"";
  }

  @Override
  public void finish() throws IOException {
    writer.flush();
  }
}
