package org.cairn.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.random.RandomGenerator;
import org.cairn.artifact.FileInspection;
import org.cairn.tensor.Inspectors;
import org.jspecify.annotations.Nullable;

/**
 * What the verification does with the bytes of a safetensors file (digest, index, digests of the
 * tensors, statistics) over SHA-256 of the file in one loop on one core; and the statistics alone
 * over NumPy. Files are in the page cache.
 */
final class InspectionBenchmark implements Benchmark {

  private static final int TENSOR = 64 << 20;
  private static final int BLOCK = 1 << 20;

  private final TestBed bed;
  private final long size;
  private final List<Kind> kinds;
  private final Comparison numpy;
  private @Nullable Path python;

  /** Files of one dtype. */
  private record Kind(String dtype, Path file, Comparison inspection) {}

  InspectionBenchmark(TestBed bed, Report report, long size) {
    this.bed = bed;
    this.size = size;
    this.kinds =
        List.of("BF16", "F32").stream()
            .map(dtype ->
                new Kind(
                    dtype,
                    bed.folder().resolve(dtype + ".safetensors"),
                    report.comparison(
                        "inspection of " + dtype + " weights",
                        "SHA-256 of the file, one core",
                        "MiB/s",
                        0.6)))
            .toList();
    this.numpy = report.comparison("statistics of BF16 weights", "NumPy in float64", "MiB/s");
  }

  @Override
  public void prepare() throws Exception {
    for (var kind : kinds) {
      write(kind, size);
    }
    try {
      python = Peers.locate("python");
    } catch (IOException e) {
      System.err.println("There is no Python with NumPy to compare with: that is left out.");
    }
    bed.settle();
    for (int i = 0; i < 2; i++) {
      for (var kind : kinds) {
        var _ = FileInspection.inspect(kind.file(), Inspectors.indexing());
        var _ = Sha256Loop.digest(kind.file());
      }
      var _ = statistics(kinds.getFirst().file());
    }
  }

  @Override
  public void round(int number) throws Exception {
    for (var kind : kinds) {
      double inspecting =
          Watch.seconds(() -> {
            var _ = FileInspection.inspect(kind.file(), Inspectors.indexing());
          });
      double hashing =
          Watch.seconds(() -> {
            var _ = Sha256Loop.digest(kind.file());
          });
      kind.inspection().add(Watch.mebibytes(size) / inspecting, Watch.mebibytes(size) / hashing);
    }
    if (python == null) {
      return;
    }
    var file = kinds.getFirst().file();
    double ours =
        Watch.seconds(() -> {
          var _ = statistics(file);
        });
    numpy.add(Watch.mebibytes(size) / ours, Watch.mebibytes(size) / numpySeconds(python, file));
  }

  private static List<Double> statistics(Path file) throws IOException {
    var gatherer = new Inspectors.Statistics("BF16");
    var bytes = new byte[BLOCK];
    try (var in = Files.newInputStream(file)) {
      var prefix = ByteBuffer.wrap(in.readNBytes(8)).order(ByteOrder.LITTLE_ENDIAN);
      in.skipNBytes(prefix.getLong());
      for (int length; (length = in.readNBytes(bytes, 0, BLOCK)) > 0; ) {
        gatherer.add(bytes, length);
      }
    }
    return gatherer.result();
  }

  /** As measured by the script itself, without the start of its interpreter. */
  private static double numpySeconds(Path python, Path file) throws IOException {
    var process =
        new ProcessBuilder(
                python.toString(),
                Peers.ROOT.resolve("src/bench/python/tensor_statistics.py").toString(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return Double.parseDouble(
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
  }

  /** Normally distributed weights of the size that is usual for them. */
  private static void write(Kind kind, long size) throws IOException {
    var header = new StringBuilder("{");
    int width = kind.dtype().equals("BF16") ? 2 : 4;
    for (long at = 0; at < size; at += TENSOR) {
      long end = Math.min(size, at + TENSOR);
      header
          .append(at == 0 ? "" : ",")
          .append(
              "\"layers.%d.weight\":{\"dtype\":\"%s\",\"shape\":[%d],\"data_offsets\":[%d,%d]}"
                  .formatted(at / TENSOR, kind.dtype(), (end - at) / width, at, end));
    }
    var text = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
    var random = RandomGenerator.of("L128X256MixRandom");
    try (var channel =
        FileChannel.open(
            kind.file(),
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      var prefix = ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN);
      Payload.writeFully(channel, prefix.putLong(text.length).put(text).flip());
      var block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
      for (long at = 0; at < size; at += BLOCK) {
        block.clear();
        while (block.hasRemaining()) {
          int bits = Float.floatToRawIntBits((float) (0.02 * random.nextGaussian()));
          if (width == 2) {
            block.putShort((short) (bits >>> 16));
          } else {
            block.putInt(bits);
          }
        }
        Payload.writeFully(channel, block.flip());
      }
    }
  }
}
