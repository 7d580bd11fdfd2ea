package org.cairn.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What loading a model of a checkpoint costs: requests of each kind and bytes, counted between an
 * unmodified transformers and Cairn and the store; time over loading it from the folder on disk;
 * and how many SQL statements a request takes.
 */
final class HubLoadBenchmark implements Benchmark {

  private static final int COUNTED = 50;

  private final TestBed bed;
  private final Report report;
  private final HubRun run;
  private final Comparison cold;
  private final Comparison again;
  private final Map<String, Figure> figures = new LinkedHashMap<>();
  private @Nullable HubClient client;
  private @Nullable HubClient recordedClient;
  private @Nullable RecordingProxy registry;
  private @Nullable RecordingProxy store;

  HubLoadBenchmark(TestBed bed, Report report, HubRun run) {
    this.bed = bed;
    this.report = report;
    this.run = run;
    this.cold = report.comparison("from_pretrained, empty cache", "from the folder", "loads/s");
    this.again = report.comparison("from_pretrained, second load", "from the folder", "loads/s");
  }

  @Override
  public void prepare() throws Exception {
    run.publish();
    var storeRecord = RecordingProxy.before(bed.storeEndpoint());
    var recorded =
        bed.beside(
            "cairn-recorded",
            Map.of(
                "CAIRN_S3_PUBLIC_ENDPOINT",
                storeRecord.uri().toString(),
                "CAIRN_JOBS_WORKERS",
                "0"));
    var registryRecord = RecordingProxy.before(recorded.uri());
    client = run.client("client", bed.api().at("/"));
    recordedClient = run.client("recorded-client", registryRecord.uri());
    registry = registryRecord;
    store = storeRecord;
    System.out.println("clients     " + client.versions());
    countStatements();
    for (int i = 0; i < 2; i++) {
      round(false);
    }
  }

  @Override
  public void round(int number) throws Exception {
    round(true);
  }

  private void round(boolean measured) throws IOException {
    var ours = client;
    var theirs = recordedClient;
    if (ours == null || theirs == null) {
      throw new IllegalStateException("prepare() has started them");
    }
    var cache = ours.newCache();
    double first = ours.load(HubRun.REPOSITORY, HubRun.STEP, cache);
    double second = ours.load(HubRun.REPOSITORY, HubRun.STEP, cache);
    double local = ours.load(run.checkpoint());
    var recordedCache = theirs.newCache();
    for (var load : new String[] {"empty cache", "second load"}) {
      var _ = take();
      var _ = theirs.load(HubRun.REPOSITORY, HubRun.STEP, recordedCache);
      if (measured) {
        note(load, take());
      } else {
        var _ = take();
      }
    }
    if (measured) {
      cold.add(1 / first, 1 / local);
      again.add(1 / second, 1 / local);
    }
  }

  /** What went to Cairn, and what to the store. */
  private record Traffic(RecordingProxy.Recorded registry, RecordingProxy.Recorded store) {}

  private Traffic take() {
    if (registry == null || store == null) {
      throw new IllegalStateException("prepare() has started them");
    }
    return new Traffic(registry.take(), store.take());
  }

  private void note(String load, Traffic traffic) throws IOException {
    var asked = traffic.registry();
    note("HEAD of files, " + load, asked.count("HEAD", "/resolve/"));
    note("GET of files, " + load, asked.count("GET", "/resolve/"));
    note("GET of /api, " + load, asked.count("GET", "/api/"));
    note("requests to the store, " + load, traffic.store().requests().size());
    note("KiB to the client, " + load, (asked.down() + traffic.store().down()) / 1024.0);
    note("KiB from the client, " + load, (asked.up() + traffic.store().up()) / 1024.0);
    long size = 0;
    for (var request : asked.requests()) {
      if (request.method().equals("GET") && request.address().contains("/resolve/")) {
        // /{project}/{name}/resolve/{commit}/{path}
        size += Files.size(run.checkpoint().resolve(request.address().split("/", 6)[5]));
      }
    }
    if (size > 0) {
      note("KiB of its files", size / 1024.0);
      note(
          "bytes to the client over those of its files, " + load,
          (asked.down() + traffic.store().down()) / (double) size);
    }
  }

  private void note(String name, double value) {
    figures.computeIfAbsent(name, key -> report.figure(key, "")).add(value);
  }

  private void countStatements() throws Exception {
    var root = "/api/models/" + HubRun.REPOSITORY;
    var sha = bed.api().get(root + "/revision/" + HubRun.STEP).path("sha").asText();
    var files = "/" + HubRun.REPOSITORY + "/resolve/" + sha + "/";
    try (var count = bed.statementCount()) {
      count(count, "HEAD of a file", "HEAD", files + "config.json");
      count(count, "GET of a file", "GET", files + "config.json");
      count(count, "HEAD of a file that is not there", "HEAD", files + "adapter_config.json");
      count(count, "/revision/{step}", "GET", root + "/revision/" + HubRun.STEP);
      count(count, "/tree/{commit}", "GET", root + "/tree/" + sha + "?recursive=true");
      count(count, "/refs of 154 checkpoints", "GET", root + "/refs");
    }
  }

  private void count(StatementCount count, String name, String method, String path)
      throws Exception {
    var address = bed.api().at(path);
    send(method, address);
    double statements =
        count.of(() -> {
          for (int i = 0; i < COUNTED; i++) {
            send(method, address);
          }
        });
    report.figure("SQL statements for " + name, "").add(statements / COUNTED);
  }

  private void send(String method, URI address) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(address).method(method, BodyPublishers.noBody()).build();
    var _ = bed.http().client().send(request, BodyHandlers.discarding());
  }
}
