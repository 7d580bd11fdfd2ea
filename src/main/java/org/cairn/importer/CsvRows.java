package org.cairn.importer;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.cairn.platform.BoundedLines;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a CSV file whose first line names the columns, one after the other. Names are told in
 * lower case and without anything but letters and digits; fields span no lines.
 */
final class CsvRows {

  /** Longest line, in bytes. */
  static final int LINE_MAX = 64 << 10;

  /** Most lines of a file. */
  static final int LINES_MAX = 1_000_000;

  private static final ObjectReader CELLS =
      new CsvMapper()
          .enable(CsvParser.Feature.WRAP_AS_ARRAY)
          .enable(CsvParser.Feature.TRIM_SPACES)
          .readerFor(String[].class);

  private static final Pattern COMMA = Pattern.compile(",");

  private static final Pattern NO_NAME = Pattern.compile("[^a-z0-9]");

  private final BoundedLines lines;
  private final List<String> columns = new ArrayList<>();
  private int number = 1;

  CsvRows(InputStream bytes) throws IOException {
    lines = new BoundedLines(bytes, LINE_MAX);
    var header = lines.next();
    for (var name : header == null ? List.<String>of() : cells(header)) {
      columns.add(NO_NAME.matcher(name.toLowerCase(Locale.ROOT)).replaceAll(""));
    }
  }

  List<String> columns() {
    return columns;
  }

  /**
   * A row by its columns; empty fields are left out.
   *
   * @param line its number in the file, from 1
   */
  record Row(int line, Map<String, String> values) {}

  /**
   * The next row that is not blank; null at the end.
   *
   * @throws UnreadableListingException beyond {@link #LINES_MAX}
   */
  @Nullable Row next() throws IOException {
    for (var line = lines.next(); line != null; line = lines.next()) {
      number++;
      if (number > LINES_MAX) {
        throw new UnreadableListingException("has more than " + LINES_MAX + " lines");
      }
      if (!line.isBlank()) {
        var cells = cells(line);
        var values = new HashMap<String, String>();
        for (int i = 0; i < Math.min(cells.size(), columns.size()); i++) {
          if (!cells.get(i).isEmpty()) {
            values.putIfAbsent(columns.get(i), cells.get(i));
          }
        }
        return new Row(number, values);
      }
    }
    return null;
  }

  /** None of a line that is too long or no CSV. */
  private static List<String> cells(BoundedLines.Line line) {
    if (line.tooLong()) {
      return List.of();
    }
    // No database takes a NUL.
    var text = new String(line.bytes(), StandardCharsets.UTF_8).replace('\0', '\ufffd');
    if (text.indexOf('"') < 0) {
      // Most are like this, and a parser for each line takes ten times as long.
      return COMMA.splitAsStream(text).map(String::strip).toList();
    }
    try (var rows = CELLS.<String[]>readValues(text)) {
      return rows.hasNext() ? List.of(rows.next()) : List.of();
    } catch (IOException | RuntimeException e) {
      return List.of();
    }
  }
}
