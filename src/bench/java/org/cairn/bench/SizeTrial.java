package org.cairn.bench;

import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.cairn.embedded.Folders;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Whether the size of a file and the number of shards matter to the memory of the service. Nothing
 * is compared here: it prints how much memory there was over time.
 */
@Command(
    name = "size",
    description = {
      "Publishes one file of weights that is larger than any memory, and a checkpoint of many shards, to a registry with a"
          + " small heap, and prints its memory over time.",
      "The file is sparse, zeros but for its last MiB, and the store is a MinIO that compresses (built with Go by .ci/peer):"
          + " every byte is sent, stored, hashed, indexed and counted, and few of them lie on the disk."
    },
    sortOptions = false)
final class SizeTrial implements Callable<Integer> {

  private static final int MERGED_STEP = 2000;
  private static final int STEP = 1000;

  @Option(
      names = "--file",
      paramLabel = "GiB",
      defaultValue = "94",
      description = "Of the large file; 94 GiB are 100 GB. 0: none. Default: ${DEFAULT-VALUE}.")
  int gibibytes;

  @Option(
      names = "--shards",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Of 64 KiB each. 0: none. Default: ${DEFAULT-VALUE}.")
  int shards;

  @Option(
      names = "--heap",
      paramLabel = "MiB",
      defaultValue = "256",
      description = "Of the registry. Default: ${DEFAULT-VALUE}.")
  int heap;

  private final PrintStream out = System.out;

  @Override
  public Integer call() throws Exception {
    var folder = Bench.temporaryFolder();
    Machine.look(folder).print(out);
    var log = folder.resolve("collections.log");
    var environment = new HashMap<String, String>();
    environment.put("JAVA_OPTS", "-Xmx" + heap + "m " + MemoryWatch.options(log));
    // The Cairn that is there for its database leaves the work to the one that is watched.
    try (var bed = TestBed.start(Bench.launcher(), folder, Map.of("CAIRN_JOBS_WORKERS", "0"));
        var minio = MinioServer.start(folder)) {
      environment.putAll(minio.environment());
      var cairn = bed.beside("cairn-watched", environment);
      out.printf("registry      heap of %d MiB at most%n", heap);
      if (shards > 0) {
        manyShards(bed, cairn, log);
      }
      if (gibibytes > 0) {
        largeFile(bed, minio, cairn, log);
      }
    }
    return 0;
  }

  private void largeFile(TestBed bed, MinioServer minio, CairnProcess cairn, Path log)
      throws Exception {
    var run = bed.folder().resolve("large");
    var step = Files.createDirectories(run.resolve("step" + STEP));
    var weights = LargeWeights.sparse(step.resolve("model.safetensors"), (long) gibibytes << 30);
    out.printf(
        Locale.ROOT,
        "%na file of %.1f GB with %d tensors%n",
        weights.size() / 1e9,
        weights.tensors());
    out.flush();
    var before = VerificationTimes.read(cairn.management());
    try (var memory = MemoryWatch.start(cairn.handle(), log)) {
      out.printf(Locale.ROOT, "  published in  %.0f s, to sealed%n", publish(bed, cairn, run));
      out.printf(Locale.ROOT, "  stored in     %.0f MB, compressed%n", minio.used() / 1e6);
      var times = VerificationTimes.read(cairn.management()).since(before);
      out.printf(
          Locale.ROOT,
          "  verified in   %.0f s, %.0f MiB/s%n",
          times.hashing(),
          Watch.mebibytes(weights.size()) / times.hashing());
      long from = weights.rows() - weights.endRows();
      var slice = "?format=raw&slice=" + from + ":" + weights.rows();
      read(
          bed,
          cairn,
          "large",
          weights.lastTensor() + slice,
          "the end of the last tensor",
          weights.endSha256());
      memory.print(out);
    }
    Folders.delete(run);
  }

  private void manyShards(TestBed bed, CairnProcess cairn, Path log) throws Exception {
    var run = bed.folder().resolve("shards");
    var sharded = run.resolve("step" + STEP);
    var merged = run.resolve("step" + MERGED_STEP);
    LargeWeights.sharded(sharded, merged, shards, 64 << 10);
    out.printf("%n%d shards, and the same tensors in one file%n", shards);
    out.flush();
    try (var memory = MemoryWatch.start(cairn.handle(), log)) {
      out.printf(Locale.ROOT, "  published in  %.0f s, to sealed%n", publish(bed, cairn, run));
      var api = new Api(bed.http(), cairn.uri());
      var checkpoints = "/v1/projects/size/runs/shards/checkpoints/step";
      var digest = api.get(checkpoints + STEP).path("weightsDigest").asText();
      var other = api.get(checkpoints + MERGED_STEP).path("weightsDigest").asText();
      out.printf(
          "  weightsDigest %s: %s%n",
          digest, digest.equals(other) ? "equal" : "NOT equal: " + other);
      listed(
          "files", shards + 1, () -> api.get(checkpoints + STEP + "/files").path("files").size());
      listed("tensors", shards, () -> tensors(api, checkpoints + STEP + "/tensors"));
      var name = LargeWeights.tensor(shards - 1);
      var whole = Files.readAllBytes(merged.resolve("model.safetensors"));
      var last = Arrays.copyOfRange(whole, whole.length - (64 << 10), whole.length);
      read(
          bed,
          cairn,
          "shards",
          name + "?format=raw",
          "the tensor of the last shard",
          SeriesFile.sha256(last));
      memory.print(out);
    }
    Folders.delete(run);
  }

  private static double publish(TestBed bed, CairnProcess cairn, Path run) throws Exception {
    return PublishCommand.publish(run, "size", cairn.uri(), bed.folder().resolve("publish.log"));
  }

  private static int tensors(Api api, String path) throws Exception {
    int count = 0;
    String page = "";
    do {
      var answer = api.get(path + "?pageSize=200" + page);
      count += answer.path("items").size();
      var token = answer.path("nextPageToken").asText("");
      page =
          token.isEmpty() ? "" : "&pageToken=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
    } while (!page.isEmpty());
    return count;
  }

  private void listed(String what, int expected, Callable<Integer> list) throws Exception {
    long start = System.nanoTime();
    int count = list.call();
    out.printf(
        Locale.ROOT,
        "  listed        %d of %d %s in %.2f s%n",
        count,
        expected,
        what,
        Watch.secondsSince(start));
  }

  private void read(
      TestBed bed, CairnProcess cairn, String run, String tensor, String what, String expected)
      throws Exception {
    long start = System.nanoTime();
    var address =
        new Api(bed.http(), cairn.uri())
            .at(
                "/v1/projects/size/runs/"
                    + run
                    + "/checkpoints/step"
                    + STEP
                    + "/tensors/"
                    + tensor);
    try (var body = address.toURL().openStream()) {
      var equal = SeriesFile.sha256(body.readAllBytes()).equals(expected);
      out.printf(
          Locale.ROOT,
          "  read          %s in %.2f s: %s%n",
          what,
          Watch.secondsSince(start),
          equal ? "the bytes that were written" : "NOT the bytes that were written");
    }
  }
}
