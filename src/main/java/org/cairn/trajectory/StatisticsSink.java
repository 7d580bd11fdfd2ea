package org.cairn.trajectory;

import java.io.IOException;

/** Takes the rows of a series one after the other. */
interface StatisticsSink {

  void write(StatisticsRow row) throws IOException;

  /** After the last row. The stream stays open: it is the caller's. */
  void finish() throws IOException;
}
