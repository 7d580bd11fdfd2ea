package org.cairn.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Registering checkpoints of five files each: in bulk over COPY of the very rows that Cairn wrote
 * for them into tables of the same definition, all in one transaction; and one request each, on
 * eight connections, which has no floor but a number of SQL statements.
 */
final class RegistrationBenchmark implements Benchmark {

  private static final int BULK = 10_000;
  private static final int SINGLES = 2_000;
  private static final int CONNECTIONS = 8;
  private static final int COUNTED = 100;

  private final TestBed bed;
  private final Comparison bulk;
  private final Figure singly;
  private final Figure statementsSingly;
  private final Figure statementsBulk;

  RegistrationBenchmark(TestBed bed, Report report) {
    this.bed = bed;
    this.bulk =
        report.comparison("bulk registration", "COPY of the same rows", "checkpoints/s", 0.3);
    this.singly = report.figure("registration one by one, 8 connections", "checkpoints/s");
    this.statementsSingly = report.figure("SQL statements for one", "");
    this.statementsBulk = report.figure("SQL statements for each of 1,000 in bulk", "");
  }

  @Override
  public void prepare() throws Exception {
    bed.database().createFloorTables();
    var run = bed.newSegmentedRun("registration-warm-up");
    registerBulk(run, new Checkpoints().lines(BULK / 5), BULK / 5);
    var _ = registerSingly(bed.newSegmentedRun("registration-warm-up-singly"), SINGLES);
    bed.database().copyIn(bed.database().rowsOf("registration-warm-up"));
    countStatements();
  }

  @Override
  public void round(int number) throws Exception {
    var name = "bulk-" + number;
    var run = bed.newSegmentedRun(name);
    var lines = new Checkpoints().lines(BULK);
    bed.settle();
    double seconds = Watch.seconds(() -> registerBulk(run, lines, BULK));
    var rows = bed.database().rowsOf(name);
    bed.settle();
    double floor = Watch.seconds(() -> bed.database().copyIn(rows));
    bulk.add(BULK / seconds, BULK / floor);
    bed.settle();
    singly.add(SINGLES / registerSingly(bed.newSegmentedRun("singly-" + number), SINGLES));
  }

  private void countStatements() throws Exception {
    try (var count = bed.statementCount()) {
      var checkpoints = new Checkpoints();
      var singles = bed.newSegmentedRun("counted-singly");
      statementsSingly.add(
          count.of(() -> {
            for (int number = 0; number < COUNTED; number++) {
              registerOne(singles, checkpoints.request(number));
            }
          })
              / COUNTED);
      var inBulk = bed.newSegmentedRun("counted-bulk");
      var lines = checkpoints.lines(1_000);
      statementsBulk.add(count.of(() -> registerBulk(inBulk, lines, 1_000)) / 1_000);
    }
  }

  private void registerBulk(String run, byte[] lines, int count)
      throws IOException, InterruptedException {
    var answer = bed.api().postLines(run + "/checkpoints/bulk", lines);
    long created = answer.lines().filter(line -> line.contains("\"status\":201")).count();
    if (created != count) {
      throw new IOException(
          created + " of " + count + " were registered: " + answer.lines().findFirst());
    }
  }

  private void registerOne(String run, ObjectNode request)
      throws IOException, InterruptedException {
    var _ = bed.api().post(run + "/checkpoints", request);
  }

  /** Answers how many seconds it took. */
  private double registerSingly(String run, int count) throws Exception {
    var checkpoints = new Checkpoints();
    var requests = new ArrayList<ObjectNode>();
    for (int number = 0; number < count; number++) {
      requests.add(checkpoints.request(number));
    }
    var next = new AtomicInteger();
    Callable<Void> client =
        () -> {
          for (int number; (number = next.getAndIncrement()) < count; ) {
            registerOne(run, requests.get(number));
          }
          return null;
        };
    try (var executor = Executors.newFixedThreadPool(CONNECTIONS)) {
      return Watch.seconds(() -> {
        for (var done : executor.invokeAll(java.util.Collections.nCopies(CONNECTIONS, client))) {
          done.get();
        }
      });
    }
  }
}
