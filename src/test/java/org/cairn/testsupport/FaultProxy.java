package org.cairn.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A relay on loopback before a server, which fails as networks do, and is told how while it runs.
 */
public class FaultProxy implements AutoCloseable {

  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final InetSocketAddress server;
  private final int port;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger lost = new AtomicInteger();
  private volatile ServerSocket listening;
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private volatile Duration latency = Duration.ZERO;
  private volatile String losingAnswers = "";
  private volatile String losingRequests = "";
  private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);

  /** Starts on a free port, and passes everything on. */
  @SuppressWarnings("this-escape") // Nobody connects before the port is known.
  public FaultProxy(int serverPort) throws IOException {
    this.server = new InetSocketAddress(LOOPBACK, serverPort);
    this.listening = listen(0);
    this.port = listening.getLocalPort();
    Thread.ofVirtual().start(() -> accept(listening));
  }

  public final int port() {
    return port;
  }

  /** Passes everything on again. */
  public void heal() {
    latency = Duration.ZERO;
    losingAnswers = "";
    losingRequests = "";
    left.set(Long.MAX_VALUE);
    gate.countDown();
    if (listening.isClosed()) {
      try {
        var reopened = listen(port);
        listening = reopened;
        Thread.ofVirtual().start(() -> accept(reopened));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Breaks all connections, and refuses new ones. */
  public final void refuse() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sockets.forEach(FaultProxy::reset);
  }

  /** Takes connections and bytes, and passes nothing on. */
  public final void hang() {
    gate = new CountDownLatch(1);
  }

  /** Everything comes later by this, in each direction. */
  public final void delay(Duration by) {
    latency = by;
  }

  /** Breaks each connection in the middle, after so many bytes of answers from now on. */
  public final void resetAfter(long bytes) {
    left.set(bytes);
  }

  /** Breaks a connection instead of passing on an answer of the server that contains this text. */
  public final void loseAnswers(String text) {
    losingAnswers = text;
  }

  /** As {@link #loseAnswers}, of what clients send. */
  public final void loseRequests(String text) {
    losingRequests = text;
  }

  /** How much was lost. */
  public final int lost() {
    return lost.get();
  }

  @Override
  public void close() throws IOException {
    heal();
    listening.close();
    sockets.forEach(FaultProxy::reset);
  }

  private static ServerSocket listen(int port) throws IOException {
    var socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(LOOPBACK, port), 200);
    return socket;
  }

  private void accept(ServerSocket from) {
    try {
      while (true) {
        var client = from.accept();
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException e) {
      // It refuses, or is closed.
    }
  }

  private void serve(Socket client) {
    try (client;
        var upstream = new Socket()) {
      sockets.add(client);
      sockets.add(upstream);
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
      gate.await();
      upstream.connect(server);
      relay(client, upstream);
    } catch (IOException e) {
      reset(client); // The other side is told by the closing.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.removeIf(Socket::isClosed);
    }
  }

  /** Passes on what comes until one side ends; both are closed after it. */
  protected void relay(Socket client, Socket upstream) throws IOException {
    Thread.ofVirtual()
        .start(() -> {
          try {
            copy(upstream.getInputStream(), client.getOutputStream(), true);
            client.close();
          } catch (IOException e) {
            reset(client);
          }
        });
    copy(client.getInputStream(), upstream.getOutputStream(), false);
  }

  private void copy(InputStream in, OutputStream out, boolean answers) throws IOException {
    var buffer = new byte[64 << 10];
    for (int length; (length = in.read(buffer)) >= 0; ) {
      breakWhere(buffer, length, answers);
      pass(out, buffer, 0, length);
    }
  }

  private void breakWhere(byte[] buffer, int length, boolean answers) throws IOException {
    var text = answers ? losingAnswers : losingRequests;
    if (!text.isEmpty()
        && new String(buffer, 0, length, StandardCharsets.ISO_8859_1).contains(text)) {
      lost.incrementAndGet();
      throw new IOException("lost");
    }
    if (answers && left.get() != Long.MAX_VALUE && left.addAndGet(-length) < 0) {
      throw new IOException("broken in the middle");
    }
  }

  /** Writes when the line lets it. */
  protected final void pass(OutputStream out, byte[] bytes, int offset, int length)
      throws IOException {
    try {
      gate.await();
      Thread.sleep(latency);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    out.write(bytes, offset, length);
  }

  /** Ends a connection as a host does that has forgotten it. */
  protected static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // It is gone.
    }
  }
}
