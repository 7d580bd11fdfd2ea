package org.cairn.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Downloading checkpoints by an unmodified huggingface_hub, which has eight files at a time: from
 * Cairn over the same files and answers from a static nginx.
 */
final class HubSnapshotBenchmark implements Benchmark {

  /** One checkpoint takes little time: a round has several, each into an empty cache. */
  private static final int TIMES = 10;

  private static final int WARM_UP = 20;

  private final TestBed bed;
  private final HubRun run;
  private final Comparison onePresigned;
  private final Comparison oneProxied;
  private final Comparison allPresigned;
  private final Comparison allProxied;
  private final Figure presignedProcessor;
  private final Figure proxiedProcessor;
  private final Figure nginxProcessor;
  private final List<String> steps = new ArrayList<>();
  private long size;
  private int count;
  private URI presigned = URI.create("");
  private URI proxied = URI.create("");
  private @Nullable NginxServer nginx;
  private @Nullable HubClient client;

  HubSnapshotBenchmark(TestBed bed, Report report, HubRun run) {
    this.bed = bed;
    this.run = run;
    var floor = "the same answers from a static nginx";
    var unit = "checkpoints/s";
    var one = "snapshot_download of a checkpoint, ";
    var all = "snapshot_download of 154 checkpoints, ";
    this.onePresigned = report.comparison(one + "presigned", floor, unit);
    this.oneProxied = report.comparison(one + "proxied", floor, unit);
    this.allPresigned = report.comparison(all + "presigned", floor, unit);
    this.allProxied = report.comparison(all + "proxied", floor, unit);
    var processor = "processor time for 154 checkpoints, ";
    this.presignedProcessor = report.figure(processor + "Cairn presigned", "s");
    this.proxiedProcessor = report.figure(processor + "Cairn proxied", "s");
    this.nginxProcessor = report.figure(processor + "nginx", "s");
  }

  @Override
  public void prepare() throws Exception {
    run.publish();
    presigned = bed.api().at("/");
    proxied = bed.proxied().at("/");
    client = run.client("snapshot-client", presigned);
    var checkpoints = run.checkpoints();
    checkpoints.forEach(path -> steps.add(path.getFileName().toString()));
    var folder = Files.createDirectories(bed.folder().resolve("nginx"));
    var mirror = new HubMirror(bed.api(), folder.resolve("files"));
    mirror.add(HubRun.REPOSITORY, checkpoints);
    size = mirror.size();
    count = mirror.count();
    nginx = NginxServer.hub(folder, mirror.tags());
    for (var hub : List.of(presigned, nginx.uri(), proxied)) {
      for (int i = 0; i < WARM_UP; i++) {
        var _ = one(hub);
      }
      var _ = all(hub);
    }
  }

  @Override
  public void round(int number) throws Exception {
    var peer = nginx;
    if (peer == null) {
      throw new IllegalStateException("prepare() has started it");
    }
    double onePresignedRate = rateOfOne(presigned);
    double oneNginxRate = rateOfOne(peer.uri());
    double oneProxiedRate = rateOfOne(proxied);
    onePresigned.add(onePresignedRate, oneNginxRate);
    oneProxied.add(oneProxiedRate, oneNginxRate);
    var rates = new double[3];
    presignedProcessor.add(bed.meter().measure(() -> rates[0] = rateOfAll(presigned)).cairn());
    double before = peer.processorSeconds();
    rates[1] = rateOfAll(peer.uri());
    nginxProcessor.add(peer.processorSeconds() - before);
    proxiedProcessor.add(bed.proxiedMeter().measure(() -> rates[2] = rateOfAll(proxied)).cairn());
    allPresigned.add(rates[0], rates[1]);
    allProxied.add(rates[2], rates[1]);
  }

  private double rateOfOne(URI hub) throws IOException {
    double seconds = 0;
    for (int i = 0; i < TIMES; i++) {
      seconds += one(hub).path("seconds").asDouble();
    }
    return TIMES / seconds;
  }

  private double rateOfAll(URI hub) throws IOException {
    return steps.size() / all(hub).path("seconds").asDouble();
  }

  private JsonNode one(URI hub) throws IOException {
    return client().snapshots(hub, HubRun.REPOSITORY, List.of(HubRun.STEP));
  }

  /** Checks what came, too: whoever leaves out files may well be faster. */
  private JsonNode all(URI hub) throws IOException {
    var answer = client().snapshots(hub, HubRun.REPOSITORY, steps);
    if (answer.path("bytes").asLong() != size || answer.path("files").asInt() != count) {
      throw new IOException("these are not the files that were published: " + answer);
    }
    return answer;
  }

  private HubClient client() {
    if (client == null) {
      throw new IllegalStateException("prepare() has started it");
    }
    return client;
  }
}
