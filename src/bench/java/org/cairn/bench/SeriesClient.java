package org.cairn.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Gets one tensor of each of many safetensors files without Cairn, from addresses in the store that
 * were signed before. A client as somebody would write it who knows what they do: eight requests at
 * a time over connections that are kept, everything in memory, the cheapest HTTP client of the JDK.
 */
final class SeriesClient implements AutoCloseable {

  private static final int AT_ONCE = 8;
  private static final int PREFIX = 8;

  /** What is asked for where the length of the header is guessed; longer than those here. */
  private static final int GUESS = 64 << 10;

  private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
  private final List<URI> files;
  private final String tensor;

  SeriesClient(List<URI> files, String tensor) {
    this.files = files;
    this.tensor = tensor;
  }

  /** Reads the tensor of one file. */
  private interface Way {
    byte[] read(URI file) throws IOException;
  }

  /** Two requests for a file: 64 KiB with the header in them, and the tensor. */
  List<byte[]> guessing() throws Exception {
    return each(file -> {
      var beginning = get(file, 0, GUESS);
      int header = headerLength(beginning);
      return tensor(file, beginning, PREFIX, header);
    });
  }

  /** Three requests for a file: the length of the header, the header, the tensor. */
  List<byte[]> asking() throws Exception {
    return each(file -> {
      int length = headerLength(get(file, 0, PREFIX));
      return tensor(file, get(file, PREFIX, length), 0, length);
    });
  }

  /** Everything, of which the tensor is kept. */
  List<byte[]> downloading() throws Exception {
    return each(file -> {
      var connection = (HttpURLConnection) file.toURL().openConnection();
      byte[] all;
      try (var body = connection.getInputStream()) {
        all = readFully(body, connection.getContentLength());
      }
      int header = headerLength(all);
      var offsets = offsets(all, PREFIX, header);
      int begin = PREFIX + header;
      return Arrays.copyOfRange(
          all, begin + offsets.get(0).asInt(), begin + offsets.get(1).asInt());
    });
  }

  /** What Cairn answers, as one safetensors file. */
  static List<byte[]> series(URI address) throws IOException {
    var connection = (HttpURLConnection) address.toURL().openConnection();
    var tensors = new ArrayList<byte[]>();
    try (var body = connection.getInputStream()) {
      var header = readFully(body, headerLength(readFully(body, PREFIX)));
      for (var entry : Api.JSON.readTree(header).properties()) {
        if (!entry.getKey().equals("__metadata__")) {
          var offsets = entry.getValue().path("data_offsets");
          tensors.add(readFully(body, offsets.get(1).asInt() - offsets.get(0).asInt()));
        }
      }
    }
    return tensors;
  }

  private List<byte[]> each(Way way) throws InterruptedException, ExecutionException {
    var reads = new ArrayList<Callable<byte[]>>();
    files.forEach(file -> reads.add(() -> way.read(file)));
    var tensors = new ArrayList<byte[]>();
    for (var read : threads.invokeAll(reads)) {
      tensors.add(read.get());
    }
    return tensors;
  }

  private byte[] tensor(URI file, byte[] bytes, int header, int length) throws IOException {
    var offsets = offsets(bytes, header, length);
    long begin = PREFIX + length + offsets.get(0).asLong();
    return get(file, begin, (int) (offsets.get(1).asLong() - offsets.get(0).asLong()));
  }

  private JsonNode offsets(byte[] bytes, int header, int length) throws IOException {
    return Api.JSON.readTree(bytes, header, length).path(tensor).path("data_offsets");
  }

  private static int headerLength(byte[] beginning) {
    return (int) ByteBuffer.wrap(beginning).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private static byte[] get(URI file, long offset, int length) throws IOException {
    var connection = (HttpURLConnection) file.toURL().openConnection();
    connection.setRequestProperty("Range", "bytes=%d-%d".formatted(offset, offset + length - 1));
    try (var body = connection.getInputStream()) {
      return readFully(body, length);
    }
  }

  private static byte[] readFully(InputStream body, int length) throws IOException {
    var bytes = new byte[length];
    int read = body.readNBytes(bytes, 0, length);
    if (read < length) {
      throw new EOFException("%d of %d bytes".formatted(read, length));
    }
    return bytes;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
