package org.cairn.bench;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * The names and commits of all checkpoints of a long run in one answer, as scripts ask for that
 * enumerate checkpoints, over reading the same rows from the database over JDBC.
 */
final class RefsBenchmark implements Benchmark {

  private static final int CHECKPOINTS = 5_000;
  private static final int REQUESTS = 100;
  private static final int WARM_UP = 300;
  private static final String RUN = "refs";

  /** A client waits for it, and a page for the client. */
  private static final double LIMIT_MILLIS = 50;

  private final TestBed bed;
  private final Way plain;
  private final Way compressed;
  private URI address = URI.create("");

  /** How a client asks for it. */
  private record Way(String encoding, Comparison floor, Figure median, Figure slowest) {

    static Way of(Report report, String name, String encoding) {
      var what = "refs of 5,000 checkpoints" + name;
      return new Way(
          encoding,
          report.comparison(what, "the same rows over JDBC", "requests/s"),
          report.figure(what + ", p50", "ms", LIMIT_MILLIS),
          report.figure(what + ", p99", "ms", LIMIT_MILLIS));
    }
  }

  RefsBenchmark(TestBed bed, Report report) {
    this.bed = bed;
    this.plain = Way.of(report, "", "identity");
    this.compressed = Way.of(report, ", compressed", "gzip, deflate");
  }

  @Override
  public void prepare() throws Exception {
    var run = bed.newSegmentedRun(RUN);
    var _ = bed.api().postLines(run + "/checkpoints/bulk", new Checkpoints().lines(CHECKPOINTS));
    var path = "/api/models/bench/" + RUN + "/refs";
    address = bed.api().at(path);
    int branches = bed.api().get(path).path("branches").size();
    if (branches != CHECKPOINTS + 1) {
      throw new IOException(branches + " branches");
    }
    // As PostgreSQL does by itself, but a minute later.
    bed.database().execute("analyze checkpoint");
    bed.database().execute("analyze checkpoint_label");
    bed.settle();
    for (int i = 0; i < WARM_UP; i++) {
      get("identity");
      get(compressed.encoding());
      floor();
    }
  }

  @Override
  public void round(int number) throws Exception {
    for (var way : List.of(plain, compressed)) {
      var times = times(() -> get(way.encoding()));
      double median = Spread.of(times).median();
      way.floor().add(1 / median, 1 / Spread.of(times(this::floor)).median());
      way.median().add(1e3 * median);
      way.slowest().add(1e3 * times.stream().sorted().toList().get(REQUESTS * 99 / 100));
    }
  }

  private static List<Double> times(Meter.Work work) throws Exception {
    var times = new ArrayList<Double>();
    for (int i = 0; i < REQUESTS; i++) {
      times.add(Watch.seconds(work));
    }
    return times;
  }

  private void floor() throws Exception {
    if (bed.database().labels(RUN) != CHECKPOINTS) {
      throw new IOException("these are not the rows");
    }
  }

  /** Reads it as it comes. */
  private void get(String encoding) throws IOException {
    var connection = (HttpURLConnection) address.toURL().openConnection();
    connection.setRequestProperty("Accept-Encoding", encoding);
    try (var body = connection.getInputStream()) {
      var _ = body.readAllBytes();
    }
  }
}
