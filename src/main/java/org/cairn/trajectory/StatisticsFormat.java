package org.cairn.trajectory;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import org.cairn.api.Choice;

/** The formats of a series of statistics. */
enum StatisticsFormat {
  /** One object with all rows; what is unknown is left out. */
  JSON("application/json") {
    @Override
    StatisticsSink open(OutputStream out, List<StatisticsColumn> columns) throws IOException {
      return new StatisticsJson(out);
    }
  },
  /** RFC 4180 in UTF-8 with a line of names; what is unknown is empty. */
  CSV("text/csv;charset=UTF-8") {
    @Override
    StatisticsSink open(OutputStream out, List<StatisticsColumn> columns) throws IOException {
      return new StatisticsCsv(out, columns);
    }
  },
  /** Apache Parquet, not compressed; what is unknown is null. */
  PARQUET("application/vnd.apache.parquet") {
    @Override
    StatisticsSink open(OutputStream out, List<StatisticsColumn> columns) throws IOException {
      return new StatisticsParquet(out, columns);
    }
  };

  private final String mediaType;

  StatisticsFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  String mediaType() {
    return mediaType;
  }

  /** Begins to write. */
  abstract StatisticsSink open(OutputStream out, List<StatisticsColumn> columns) throws IOException;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  static StatisticsFormat parse(String name) {
    return Choice.of("format", values(), StatisticsFormat::toString, name);
  }
}
