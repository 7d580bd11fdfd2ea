package org.cairn.bench;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/**
 * A TCP proxy before a store that counts what the store sends. It changes nothing and understands
 * as much of HTTP/1.1 as it takes to tell headers from bodies: answers of a known length to
 * requests that follow each other on a connection.
 */
final class CountingProxy implements AutoCloseable {

  private final TcpProxy proxy;
  private final LongAdder connections = new LongAdder();
  private final LongAdder answers = new LongAdder();
  private final LongAdder headers = new LongAdder();
  private final LongAdder bodies = new LongAdder();

  private CountingProxy(URI store) throws IOException {
    this.proxy = TcpProxy.before(store, this::join);
  }

  static CountingProxy before(URI store) throws IOException {
    return new CountingProxy(store);
  }

  /**
   * What the store has sent.
   *
   * @param connections that were opened for it
   * @param headers bytes of status lines and headers
   * @param bodies bytes of bodies
   */
  record Count(long connections, long answers, long headers, long bodies) {

    Count since(Count before) {
      return new Count(
          connections - before.connections,
          answers - before.answers,
          headers - before.headers,
          bodies - before.bodies);
    }
  }

  Count count() {
    return new Count(connections.sum(), answers.sum(), headers.sum(), bodies.sum());
  }

  URI uri() {
    return proxy.uri();
  }

  private void join(Socket client, Socket server, Executor threads) {
    connections.increment();
    var asked = new Asked();
    threads.execute(() -> TcpProxy.pass(client, server, asked::add));
    threads.execute(() -> TcpProxy.pass(server, client, new Answers(asked)::add));
  }

  /** The methods of requests: to HEAD there is no body, whatever length the answer names. */
  private static final class Asked {
    private final Deque<Boolean> heads = new ArrayDeque<>();

    /** A request begins with what it is written with; the rest of one begins with no method. */
    synchronized void add(byte[] bytes, int length) {
      var start = Answers.text(bytes, 0, Math.min(length, 8));
      if (start.matches("(?s)(GET|HEAD|PUT|POST|DELETE) .*")) {
        heads.add(start.startsWith("HEAD"));
      }
    }

    synchronized boolean head() {
      return Boolean.TRUE.equals(heads.poll());
    }
  }

  /** Tells headers from bodies. */
  private final class Answers {
    private final Asked asked;
    private final StringBuilder header = new StringBuilder();
    private long body;

    Answers(Asked asked) {
      this.asked = asked;
    }

    static String text(byte[] bytes, int offset, int length) {
      return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }

    void add(byte[] bytes, int length) {
      for (int at = 0; at < length; ) {
        if (body > 0) {
          int some = (int) Math.min(body, length - at);
          bodies.add(some);
          body -= some;
          at += some;
        } else {
          header.append((char) (bytes[at++] & 0xff));
          headers.increment();
          if (header.length() >= 4 && header.indexOf("\r\n\r\n", header.length() - 4) >= 0) {
            body = bodyLength(header.toString());
            header.setLength(0);
          }
        }
      }
    }

    private long bodyLength(String text) {
      if (text.startsWith("HTTP/1.1 100")) {
        return 0;
      }
      answers.increment();
      boolean head = asked.head();
      var length = Pattern.compile("(?i)\r\ncontent-length: *([0-9]+)").matcher(text);
      return head || !length.find() ? 0 : Long.parseLong(length.group(1));
    }
  }

  @Override
  public void close() throws IOException {
    proxy.close();
  }
}
