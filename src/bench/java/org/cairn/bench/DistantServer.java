package org.cairn.bench;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A server as somebody sees it who is not beside it: a TCP proxy that passes everything on later by
 * half a round trip, each way. It makes nothing narrower: what is on its way is bounded only at
 * {@value #ON_ITS_WAY} pieces of 64 KiB.
 */
final class DistantServer {

  private static final int BUFFER = 64 << 10;
  private static final int ON_ITS_WAY = 256;

  private final long delay;

  private DistantServer(long delay) {
    this.delay = delay;
  }

  static TcpProxy of(URI server, int roundTripMillis) throws IOException {
    var distant = new DistantServer(TimeUnit.MILLISECONDS.toNanos(roundTripMillis) / 2);
    return TcpProxy.before(server, distant::join);
  }

  private void join(Socket client, Socket server, Executor threads) {
    pass(client, server, threads);
    pass(server, client, threads);
  }

  /** Bytes, and when they arrive; none of them are the end. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Piece(byte[] bytes, long arrival) {}

  private void pass(Socket from, Socket to, Executor threads) {
    BlockingQueue<Piece> way = new ArrayBlockingQueue<>(ON_ITS_WAY);
    threads.execute(() -> {
      var buffer = new byte[BUFFER];
      try {
        var in = from.getInputStream();
        for (int length; (length = in.read(buffer)) >= 0; ) {
          way.put(new Piece(Arrays.copyOf(buffer, length), System.nanoTime() + delay));
        }
        way.put(new Piece(new byte[0], System.nanoTime() + delay));
      } catch (IOException | InterruptedException e) {
        var _ = way.offer(new Piece(new byte[0], System.nanoTime()));
      }
    });
    threads.execute(() -> {
      try (from;
          to) {
        var out = to.getOutputStream();
        for (var piece = way.take(); piece.bytes().length > 0; piece = way.take()) {
          TimeUnit.NANOSECONDS.sleep(piece.arrival() - System.nanoTime());
          out.write(piece.bytes());
        }
      } catch (IOException | InterruptedException e) {
        // One of them has hung up, so does the other one.
      }
    });
  }
}
