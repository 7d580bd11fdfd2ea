package org.cairn.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The import of a release's manifests as somebody sees it who has the files, until the catalogue
 * has everything, over COPY of the very rows that Cairn wrote for them into tables of the same
 * definition; and doing it again, which finds nothing to change.
 */
final class ImportBenchmark implements Benchmark {

  /** For 8,000 rows or fewer. */
  private static final double GOAL_SECONDS = 10;

  private static final int GOAL_ROWS = 8_000;

  private final TestBed bed;
  private final Map<String, byte[]> files;
  private final int rows;
  private final Comparison first;
  private final Comparison again;
  private final Figure firstSeconds;
  private final Figure againSeconds;

  /**
   * @param folder of CSV files to take; null for files that are made up
   */
  ImportBenchmark(TestBed bed, Report report, @Nullable Path folder) throws IOException {
    this.bed = bed;
    this.files = folder == null ? Manifests.made() : Manifests.below(folder);
    this.rows = Manifests.rows(files);
    var what = "import of %,d rows in %d manifests".formatted(rows, files.size());
    var floor = "COPY of the rows that it writes";
    this.first = report.comparison(what, floor, "rows/s");
    this.again = report.comparison("the same again", floor, "rows/s");
    double limit = GOAL_SECONDS * Math.max(rows, GOAL_ROWS) / GOAL_ROWS;
    this.firstSeconds = report.figure(what, "s", limit);
    this.againSeconds = report.figure("the same again", "s", limit);
  }

  @Override
  public void prepare() throws Exception {
    bed.database().createFloorTables();
    round(0, false);
  }

  @Override
  public void round(int number) throws Exception {
    round(number, true);
  }

  private void round(int number, boolean measured) throws Exception {
    var project = "import-" + number;
    var _ = bed.api().post("/v1/projects", Api.JSON.createObjectNode().put("name", project));
    var client = new ImportClient(bed.api(), bed.http());
    var sent = new LinkedHashMap<String, byte[]>();
    files.forEach((name, bytes) -> sent.put(name, fresh(bytes, number)));
    bed.settle();
    double importing =
        Watch.seconds(() -> {
          if (client.manifests(project, sent) < rows / 2) {
            throw new IOException("the import changed too little");
          }
        });
    bed.settle();
    double repeating =
        Watch.seconds(() -> {
          int changes = client.manifests(project, sent);
          if (changes != 0) {
            throw new IOException("importing again changed " + changes);
          }
        });
    var written = bed.database().importedRowsOf(project);
    bed.settle();
    double copying = Watch.seconds(() -> bed.database().copyIn(written));
    if (measured) {
      first.add(rows / importing, rows / copying);
      again.add(rows / repeating, rows / copying);
      firstSeconds.add(importing);
      againSeconds.add(repeating);
    }
  }

  /** The same rows in bytes that the registry does not have yet. */
  private static byte[] fresh(byte[] bytes, int number) {
    return (new String(bytes, StandardCharsets.ISO_8859_1) + "\n".repeat(2 + number))
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
