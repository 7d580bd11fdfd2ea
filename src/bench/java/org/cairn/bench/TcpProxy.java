package org.cairn.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands before a server on loopback; what passes between them is the business of a {@link Wire}.
 */
final class TcpProxy implements AutoCloseable {

  /** Joins a client and the server until one of them hangs up, and closes both then. */
  interface Wire {
    void join(Socket client, Socket server, Executor threads);
  }

  private static final int BUFFER = 64 << 10;

  private final ServerSocket listening = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Deque<Socket> sockets = new ConcurrentLinkedDeque<>();
  private final URI server;
  private final Wire wire;

  private TcpProxy(URI server, Wire wire) throws IOException {
    this.server = server;
    this.wire = wire;
  }

  static TcpProxy before(URI server, Wire wire) throws IOException {
    var proxy = new TcpProxy(server, wire);
    proxy.threads.execute(proxy::accept);
    return proxy;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        var client = listening.accept();
        var near = new Socket(server.getHost(), server.getPort());
        client.setTcpNoDelay(true);
        near.setTcpNoDelay(true);
        sockets.add(client);
        sockets.add(near);
        wire.join(client, near, threads);
      } catch (IOException e) {
        // Closed, or a connection less.
      }
    }
  }

  /** Sees the bytes of one direction. */
  interface Observer {
    void add(byte[] bytes, int length);
  }

  /** Passes on what one side says, until one of them hangs up. */
  static void pass(Socket from, Socket to, Observer observer) {
    var buffer = new byte[BUFFER];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length; (length = in.read(buffer)) >= 0; ) {
        observer.add(buffer, length);
        out.write(buffer, 0, length);
      }
    } catch (IOException e) {
      // One of them has hung up, so does the other one.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (var socket : sockets) {
      socket.close();
    }
    threads.shutdownNow();
  }
}
