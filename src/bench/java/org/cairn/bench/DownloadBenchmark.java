package org.cairn.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Reading an artifact through Cairn, by its redirect to the store and passed through the service,
 * over reading the same object from the store at a presigned address; whole, and as eight ranges at
 * once. The object is in the page cache, the client counts bytes and keeps none. What passing
 * through costs anybody on this machine, an nginx says that does nothing else, where there is one.
 */
final class DownloadBenchmark implements Benchmark {

  private static final int AT_ONCE = 8;

  /** Requests of one byte each, after which what answers a request is compiled. */
  private static final int WARM_UP = 500;

  private final TestBed bed;
  private final long size;
  private final Way whole;
  private final Way ranges;
  private URI raw = URI.create("");
  private URI presigned = URI.create("");
  private URI proxied = URI.create("");
  private @Nullable NginxServer nginx;

  /** What is compared for one way of reading. */
  private record Way(
      int atOnce,
      Comparison presigned,
      Comparison proxied,
      Comparison relayed,
      Figure relayEffort,
      Effort rawEffort,
      Effort presignedEffort,
      Effort proxiedEffort) {

    static Way of(Report report, String name, int atOnce, long size) {
      var floor = "presigned GET from the store";
      return new Way(
          atOnce,
          report.comparison("download" + name + ", presigned", floor, "MiB/s", 0.98),
          report.comparison("download" + name + ", proxied", floor, "MiB/s", 0.9),
          report.comparison("download" + name + ", through an nginx", floor, "MiB/s"),
          report.figure("processor time of nginx, download" + name, "s/GiB"),
          report.effort("download" + name + ", from the store", size),
          report.effort("download" + name + ", presigned", size),
          report.effort("download" + name + ", proxied", size));
    }
  }

  DownloadBenchmark(TestBed bed, Report report, long size) {
    this.bed = bed;
    this.size = size;
    this.whole = Way.of(report, "", 1, size);
    this.ranges = Way.of(report, " of 8 ranges at once", AT_ONCE, size);
  }

  @Override
  public void prepare() throws Exception {
    var payload = Payload.random(bed.folder().resolve("payload"), size);
    var run = bed.newRun("downloads");
    var _ = Publication.publish(bed.api(), bed.http(), run, payload, 0);
    var path = "/v1/artifacts/sha256:" + payload.sha256();
    presigned = bed.api().at(path);
    proxied = bed.proxied().at(path);
    raw = bed.store().presignedGet(bed.database().storageKey(payload.sha256()));
    bed.settle();
    var addresses = new ArrayList<>(List.of(presigned, raw, proxied));
    try {
      nginx = NginxServer.relay(Files.createDirectories(bed.folder().resolve("nginx")), raw);
      addresses.add(relayed(nginx));
    } catch (IOException e) {
      System.err.println("Not compared with a relay: " + e.getMessage());
    }
    for (var uri : addresses) {
      for (int request = 0; request < WARM_UP; request++) {
        Http.drain(uri, 0, 1, false);
      }
      var _ = fetch(bed.meter(), uri, 1);
      var _ = fetch(bed.meter(), uri, AT_ONCE);
    }
  }

  private URI relayed(NginxServer relay) {
    return relay.uri().resolve(raw.getRawPath() + "?" + raw.getRawQuery());
  }

  @Override
  public void round(int number) throws Exception {
    for (var way : List.of(whole, ranges)) {
      double presignedRate = way.presignedEffort().add(fetch(bed.meter(), presigned, way.atOnce()));
      double rawRate = way.rawEffort().add(fetch(bed.meter(), raw, way.atOnce()));
      double proxiedRate =
          way.proxiedEffort().add(fetch(bed.proxiedMeter(), proxied, way.atOnce()));
      way.presigned().add(presignedRate, rawRate);
      way.proxied().add(proxiedRate, rawRate);
      if (nginx != null) {
        double before = nginx.processorSeconds();
        way.relayed().add(fetch(bed.meter(), relayed(nginx), way.atOnce()).rate(size), rawRate);
        way.relayEffort().add((nginx.processorSeconds() - before) * (1L << 30) / size);
      }
    }
  }

  /** Reads everything in so many ranges. */
  private Meter.Measured fetch(Meter meter, URI uri, int atOnce) throws Exception {
    long length = Math.ceilDiv(size, atOnce);
    var reads = new ArrayList<Callable<Void>>();
    for (long offset = 0; offset < size; offset += length) {
      long from = offset;
      reads.add(() -> {
        Http.drain(uri, from, Math.min(length, size - from), atOnce == 1);
        return null;
      });
    }
    try (var executor = Executors.newFixedThreadPool(atOnce)) {
      return meter.measure(() -> {
        for (var read : executor.invokeAll(reads)) {
          read.get();
        }
      });
    }
  }
}
