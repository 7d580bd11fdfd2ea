package org.cairn.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.DoubleAccumulator;
import org.jspecify.annotations.Nullable;

/**
 * Resident memory of a service that passes bytes through, over that of the same service when it is
 * idle after the same work on a small scale: with a thousand slow readers at once, and with uploads
 * of growing size. The store is a MinIO, as the S3 server of the zero-configuration mode has a
 * thread for each reader.
 */
final class MemoryBenchmark implements Benchmark {

  private static final int READERS = 1_000;
  private static final int BYTES_PER_SECOND = 50_000;
  private static final int SECONDS = 20;

  /** More than a reader gets. */
  private static final long OBJECT = 4L << 20;

  private static final List<Integer> UPLOADS = List.of(64, 256, 1_024);

  private static final double LIMIT = 64;

  private final TestBed bed;
  private final Figure idle;
  private final Figure readers;
  private final Figure rate;
  private final List<Figure> uploads = new ArrayList<>();
  private @Nullable CairnProcess cairn;
  private URI object = URI.create("");
  private double before;

  MemoryBenchmark(TestBed bed, Report report) {
    this.bed = bed;
    this.idle = report.figure("resident memory when idle", "MiB");
    this.readers = report.figure("more with 1,000 downloads at 50 kB/s", "MiB", LIMIT);
    this.rate = report.figure("what they read, of 50 MB/s", "MB/s");
    for (int size : UPLOADS) {
      uploads.add(report.figure("more with an upload of " + size + " MiB", "MiB", LIMIT));
    }
  }

  @Override
  public void prepare() throws Exception {
    // Stopped with everything else that was started here.
    var environment = new HashMap<>(MinioServer.start(bed.folder()).environment());
    environment.put("CAIRN_TRANSFER_MODE", "proxied");
    // As the JVM decides in a container of 1 GiB with one processor, but for the heap: what it
    // takes
    // because it may is not what it needs.
    environment.put("JAVA_OPTS", "-XX:MaxRAM=1g -Xmx160m -XX:+UseSerialGC");
    cairn = bed.beside("cairn-memory", environment);
    var payload = upload(OBJECT);
    object = cairn().uri().resolve("/v1/artifacts/sha256:" + payload.sha256());
    read(READERS / 20, 3);
    var _ = upload(16L << 20);
    Thread.sleep(5_000);
    before = resident();
    idle.add(before);
  }

  private CairnProcess cairn() {
    return Objects.requireNonNull(cairn);
  }

  @Override
  public void round(int number) throws Exception {
    var most = new DoubleAccumulator(Math::max, 0);
    rate.add(watched(most, () -> read(READERS, SECONDS)) / 1e6);
    readers.add(most.get() - before);
    for (int i = 0; i < UPLOADS.size(); i++) {
      most.reset();
      long size = (long) UPLOADS.get(i) << 20;
      var _ = watched(most, () -> upload(size));
      uploads.get(i).add(most.get() - before);
    }
  }

  private Payload upload(long size) throws Exception {
    var payload = Payload.random(bed.folder().resolve("memory"), size);
    var api = new Api(bed.http(), cairn().uri());
    var _ =
        Publication.publish(
            api, bed.http(), bed.newRun("memory-" + payload.sha256().substring(0, 8)), payload, 0);
    return payload;
  }

  /** Notes the most resident memory while something is done. */
  private <T> T watched(DoubleAccumulator most, Callable<T> work) throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var done = executor.submit(work);
      while (!done.isDone()) {
        most.accumulate(resident());
        Thread.sleep(100);
      }
      return done.get();
    }
  }

  private double resident() throws IOException {
    return ResidentMemory.of(cairn().handle());
  }

  /** Answers how many bytes a second all readers got together. */
  private double read(int count, int seconds) throws Exception {
    long total = 0;
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var reads = new ArrayList<Future<Long>>();
      for (int i = 0; i < count; i++) {
        reads.add(executor.submit(() -> readSlowly(seconds)));
        Thread.sleep(5); // at once, a JVM that is still warming up would refuse some
      }
      for (var done : reads) {
        total += done.get();
      }
    }
    return (double) total / seconds;
  }

  /** Through a small window, so that no buffer of the system takes what nobody has read. */
  private long readSlowly(int seconds) throws IOException, InterruptedException {
    try (var socket = new Socket()) {
      socket.setReceiveBufferSize(16 << 10);
      socket.connect(new InetSocketAddress(object.getHost(), object.getPort()));
      socket
          .getOutputStream()
          .write(
              "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                  .formatted(object.getPath(), object.getAuthority())
                  .getBytes(StandardCharsets.US_ASCII));
      var chunk = new byte[BYTES_PER_SECOND / 10];
      var body = socket.getInputStream();
      int n = body.readNBytes(chunk, 0, 12);
      if (!new String(chunk, 0, n, StandardCharsets.US_ASCII).equals("HTTP/1.1 200")) {
        throw new IOException(
            "refused: " + new String(body.readAllBytes(), StandardCharsets.US_ASCII));
      }
      long begun = System.nanoTime();
      long received = 0;
      for (int tenth = 1; tenth <= seconds * 10; tenth++) {
        received += body.readNBytes(chunk, 0, chunk.length);
        Thread.sleep(Math.max(0, tenth * 100L - (System.nanoTime() - begun) / 1_000_000));
      }
      return received;
    }
  }
}
