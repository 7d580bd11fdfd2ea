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
 * One tensor of every checkpoint of a run, in one answer of Cairn, over what a client needs for it
 * that knows nothing but the addresses of the files: by requests for headers and ranges, and by
 * downloading everything. All get the same bytes from the same store and keep them in memory.
 *
 * <p>How a client that is not in the machine sees it is measured over proxies that pass on
 * everything later. How many bytes Cairn reads for it is counted between a second Cairn and the
 * store.
 */
final class SeriesBenchmark implements Benchmark {

  /** As many as Pythia has. */
  private static final int CHECKPOINTS = 154;

  /** A checkpoint has this part of the size of other benchmarks' files. */
  static final int SHARE = 64;

  private static final int PUBLISHING_AT_ONCE = 3;

  /** One answer takes less than a second: a round has several. */
  private static final int ANSWERS = 3;

  private static final int WARM_UP = 8;

  /** Of somebody in the same part of the world. */
  private static final int ROUND_TRIP_MILLIS = 20;

  private final TestBed bed;
  private final long size;
  private final Comparison guessing;
  private final Comparison asking;
  private final Comparison downloading;
  private final Comparison distant;
  private final Figure bytesRead;
  private final Figure headers;
  private final Figure requests;
  private final Figure connections;
  private final Effort cairnEffort;
  private final Effort clientEffort;
  private final List<String> expected = new ArrayList<>();
  private URI address = URI.create("");
  private URI counted = URI.create("");
  private @Nullable CountingProxy proxy;
  private URI distantAddress = URI.create("");
  private @Nullable SeriesClient client;
  private @Nullable SeriesClient distantClient;

  /**
   * @param size of the weights of a checkpoint
   */
  SeriesBenchmark(TestBed bed, Report report, long size) {
    this.bed = bed;
    this.size = size;
    var name = "one tensor of " + CHECKPOINTS + " checkpoints";
    this.guessing =
        report.comparison(name, "client with 2 range requests a file, 8 at once", "MiB/s");
    this.asking =
        report.comparison(name, "client with 3 range requests a file, 8 at once", "MiB/s");
    this.downloading = report.comparison(name, "download of all weights, 8 files at once", "MiB/s");
    var away = ", all " + ROUND_TRIP_MILLIS + " ms away";
    this.distant =
        report.comparison(
            name + away, "client with 2 range requests a file, 8 at once" + away, "MiB/s");
    long bytes = CHECKPOINTS * (size / 15);
    this.cairnEffort = report.effort(name, bytes);
    this.clientEffort = report.effort("client with 2 range requests a file", bytes);
    this.bytesRead = report.figure("bytes read from the store", "times those of the tensors", 1.02);
    this.headers = report.figure("headers of the store's answers", "times those of the tensors");
    this.requests = report.figure("requests to the store for an answer", "");
    this.connections = report.figure("connections opened for that", "");
  }

  @Override
  public void prepare() throws Exception {
    var run = bed.newRun("series");
    var weights = new SeriesFile[CHECKPOINTS];
    var publications = new ArrayList<Callable<Void>>();
    for (int i = 0; i < CHECKPOINTS; i++) {
      int number = i;
      publications.add(() -> {
        weights[number] = publish(run, number);
        return null;
      });
    }
    try (var threads = Executors.newFixedThreadPool(PUBLISHING_AT_ONCE)) {
      for (var publication : threads.invokeAll(publications)) {
        publication.get();
      }
    }
    for (var file : weights) {
      expected.add(file.tensorSha256());
    }
    client = new SeriesClient(addresses(bed.store(), weights), SeriesFile.TENSOR);
    var distantStore = DistantServer.of(bed.storeEndpoint(), ROUND_TRIP_MILLIS);
    try (var store = bed.storeAt(distantStore.uri())) {
      distantClient = new SeriesClient(addresses(store, weights), SeriesFile.TENSOR);
    }
    proxy = CountingProxy.before(bed.storeEndpoint());
    var path = run + "/tensors/" + SeriesFile.TENSOR + "?format=safetensors";
    address = bed.api().at(path);
    distantAddress = DistantServer.of(address, ROUND_TRIP_MILLIS).uri().resolve(path);
    counted = bed.over(proxy).at(path);
    bed.settle();
    for (int i = 0; i < WARM_UP; i++) {
      round(false);
    }
  }

  private List<URI> addresses(RawStore store, SeriesFile[] weights) throws Exception {
    var addresses = new ArrayList<URI>();
    for (var file : weights) {
      addresses.add(store.presignedGet(bed.database().storageKey(file.payload().sha256())));
    }
    return addresses;
  }

  private SeriesFile publish(String run, int number) throws Exception {
    var file = bed.folder().resolve("series-" + number);
    var weights = SeriesFile.write(file, size);
    try {
      var _ =
          Publication.publish(
              bed.api(), bed.http(), run, "model.safetensors", weights.payload(), number * 1000L);
    } finally {
      Files.delete(file);
    }
    return weights;
  }

  @Override
  public void round(int number) throws Exception {
    round(true);
  }

  private void round(boolean measured) throws Exception {
    var peer = client;
    var distantPeer = distantClient;
    var counter = proxy;
    if (peer == null || distantPeer == null || counter == null) {
      throw new IllegalStateException("prepare() has made them");
    }
    double cairn = rate(ANSWERS, () -> SeriesClient.series(address));
    double two = rate(ANSWERS, peer::guessing);
    double three = rate(ANSWERS, peer::asking);
    if (!measured) {
      var _ = SeriesClient.series(counted);
      return;
    }
    double all = rate(1, peer::downloading);
    guessing.add(cairn, two);
    asking.add(cairn, three);
    downloading.add(cairn, all);
    distant.add(rate(1, () -> SeriesClient.series(distantAddress)), rate(1, distantPeer::guessing));
    var _ = cairnEffort.add(bed.meter().measure(() -> SeriesClient.series(address)));
    var _ = clientEffort.add(bed.meter().measure(peer::guessing));
    var before = counter.count();
    long tensors = bytes(SeriesClient.series(counted));
    var read = counter.count().since(before);
    bytesRead.add(read.bodies() / (double) tensors);
    headers.add(read.headers() / (double) tensors);
    requests.add((double) read.answers());
    connections.add((double) read.connections());
  }

  /** MiB of tensors in a second, over some times. */
  private double rate(int times, Callable<List<byte[]>> way) throws Exception {
    double seconds = 0;
    long bytes = 0;
    for (int i = 0; i < times; i++) {
      long start = System.nanoTime();
      var tensors = way.call();
      seconds += Watch.secondsSince(start);
      bytes += bytes(tensors);
    }
    return Watch.mebibytes(bytes) / seconds;
  }

  /** Checks them, too: whoever reads the wrong bytes may well be faster. */
  private long bytes(List<byte[]> tensors) throws IOException {
    if (!tensors.stream().map(SeriesFile::sha256).toList().equals(expected)) {
      throw new IOException("these are not the bytes that were published");
    }
    return tensors.stream().mapToLong(tensor -> tensor.length).sum();
  }
}
