package org.cairn.bench;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/**
 * A TCP proxy that changes nothing, takes down what clients ask for, and counts all bytes of both
 * directions. Its clients write the beginning of a request at once, as those of the Hub do.
 */
final class RecordingProxy implements AutoCloseable {

  private static final Pattern REQUEST =
      Pattern.compile("^(GET|HEAD|PUT|POST|DELETE) ([^ ]+) HTTP");

  private final TcpProxy proxy;
  private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
  private final LongAdder received = new LongAdder();
  private final LongAdder sent = new LongAdder();

  private RecordingProxy(URI server) throws IOException {
    this.proxy = TcpProxy.before(server, this::join);
  }

  static RecordingProxy before(URI server) throws IOException {
    return new RecordingProxy(server);
  }

  /** The first line of a request. */
  record Request(String method, String address) {}

  /**
   * What clients did.
   *
   * @param up bytes that they sent
   * @param down bytes that they got
   */
  record Recorded(List<Request> requests, long up, long down) {

    double count(String method, String part) {
      return requests.stream()
          .filter(request -> request.method().equals(method) && request.address().contains(part))
          .count();
    }
  }

  /** The record since this was asked last. */
  Recorded take() {
    var all = List.copyOf(requests);
    requests.clear();
    return new Recorded(all, sent.sumThenReset(), received.sumThenReset());
  }

  URI uri() {
    return proxy.uri();
  }

  private void join(Socket client, Socket server, Executor threads) {
    threads.execute(() -> TcpProxy.pass(client, server, this::asked));
    threads.execute(() -> TcpProxy.pass(server, client, (bytes, length) -> received.add(length)));
  }

  private void asked(byte[] bytes, int length) {
    sent.add(length);
    var request = REQUEST.matcher(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
    if (request.find()) {
      requests.add(new Request(request.group(1), request.group(2)));
    }
  }

  @Override
  public void close() throws IOException {
    proxy.close();
  }
}
