package org.cairn.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/** A relay before a server, which holds answers back as a server does that is stuck. */
public final class StuckGateway implements AutoCloseable {

  private final ServerSocket listening;
  private final InetSocketAddress server;
  private final ToLongFunction<String> passed;
  private final AtomicInteger held = new AtomicInteger();
  private final CountDownLatch release = new CountDownLatch(1);

  /**
   * Starts on a free port.
   *
   * @param passed how many bytes of the answer to a request line pass before the rest is held
   */
  public StuckGateway(int serverPort, ToLongFunction<String> passed) throws IOException {
    var loopback = InetAddress.getLoopbackAddress();
    this.listening = new ServerSocket(0, 50, loopback);
    this.server = new InetSocketAddress(loopback, serverPort);
    this.passed = passed;
    Thread.ofVirtual().start(this::accept);
  }

  public String endpoint() {
    return "http://127.0.0.1:" + listening.getLocalPort();
  }

  /** How many answers are held. */
  public int held() {
    return held.get();
  }

  /** Lets everything pass, now and from now on. */
  public void release() {
    release.countDown();
  }

  @Override
  public void close() throws IOException {
    release();
    listening.close();
  }

  private void accept() {
    try {
      while (true) {
        var client = listening.accept();
        Thread.ofVirtual().start(() -> relay(client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void relay(Socket client) {
    try (client;
        var upstream = new Socket()) {
      upstream.connect(server);
      var answers = new Answers(upstream.getInputStream(), client.getOutputStream());
      var down =
          Thread.ofVirtual()
              .start(() -> {
                answers.relay();
                closeQuietly(client);
              });
      var buffer = new byte[64 << 10];
      var in = client.getInputStream();
      for (int length; (length = in.read(buffer)) >= 0; ) {
        answers.requested(buffer, length);
        upstream.getOutputStream().write(buffer, 0, length);
      }
      closeQuietly(upstream);
      down.interrupt();
    } catch (IOException e) {
      // One side went away, and the other is told by the closing.
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone.
    }
  }

  /** The way back of one connection. */
  private final class Answers {
    private final InputStream in;
    private final OutputStream out;
    private final AtomicLong left = new AtomicLong(Long.MAX_VALUE);

    Answers(InputStream in, OutputStream out) {
      this.in = in;
      this.out = out;
    }

    /** Clients send a request only after the answer to the last, so each begins a read. */
    void requested(byte[] bytes, int length) {
      var text = new String(bytes, 0, Math.min(length, 2_000), StandardCharsets.ISO_8859_1);
      var line = text.lines().findFirst().orElse("");
      if (line.endsWith(" HTTP/1.1") && release.getCount() > 0) {
        left.set(passed.applyAsLong(line));
      }
    }

    void relay() {
      var buffer = new byte[64 << 10];
      try {
        for (int length; (length = in.read(buffer)) >= 0; ) {
          int now = (int) Math.min(length, left.get());
          out.write(buffer, 0, now);
          if (now < length) {
            held.incrementAndGet();
            release.await();
            out.write(buffer, now, length - now);
            left.set(Long.MAX_VALUE);
          }
          left.addAndGet(-length);
        }
      } catch (IOException e) {
        // One side went away.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
