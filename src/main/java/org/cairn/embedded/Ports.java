package org.cairn.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Finds ports before a server is told to use them, so that a taken one is one sentence and not a
 * stack trace.
 */
final class Ports {

  private static final int TRIES = 100;

  /**
   * Ports found free and kept from others while the servers start, which takes seconds: two starts
   * at the same moment would find the same ones. Static, because it is filled before there is a
   * container and emptied by it.
   */
  private static final Queue<ServerSocket> HELD = new ConcurrentLinkedQueue<>();

  private Ports() {}

  static InetAddress address(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new StartFailure(
          StartFailure.USAGE, "This machine has no address '%s' (--host).".formatted(host), e);
    }
  }

  static boolean isFree(InetAddress address, int port) {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(address, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Holds the first free port from {@code wanted} on, or any free one when none of the next hundred
   * is.
   */
  static int holdFrom(InetAddress address, int wanted) {
    for (int port = wanted; port < Math.min(wanted + TRIES, 65_536); port++) {
      try {
        hold(address, port);
        return port;
      } catch (IOException e) {
        if (!isTaken(e)) {
          throw refused(address, port, e);
        }
      }
    }
    return anyFree(address);
  }

  /** Keeps a port from everybody until {@link #release}. */
  static void hold(InetAddress address, int port) throws IOException {
    var socket = new ServerSocket();
    try {
      socket.bind(new InetSocketAddress(address, port));
      HELD.add(socket);
    } catch (IOException e) {
      close(socket);
      throw e;
    }
  }

  /** Refuses a port that cannot be opened now. */
  static void requireFree(InetAddress address, int port) {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(address, port));
    } catch (IOException e) {
      throw refused(address, port, e);
    }
  }

  static StartFailure refused(InetAddress address, int port, IOException reason) {
    var sentence =
        isTaken(reason)
            ? "Port %d on %s is taken: stop what uses it, or give another one with --port."
                .formatted(port, address.getHostAddress())
            : "Port %d on %s cannot be opened: %s."
                .formatted(port, address.getHostAddress(), reason.getMessage());
    return new StartFailure(StartFailure.PORT_TAKEN, sentence, reason);
  }

  /** Everything else is a right that is missing, or an address that this machine does not have. */
  private static boolean isTaken(IOException reason) {
    var message = String.valueOf(reason.getMessage());
    return !message.contains("ermission denied") && !message.contains("assign requested");
  }

  /** Gives up every port that is held, for the server that binds it next. */
  static void release() {
    for (ServerSocket socket; (socket = HELD.poll()) != null; ) {
      close(socket);
    }
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Whoever binds the port will say that it is taken.
    }
  }

  static int anyFree(InetAddress address) {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(address, 0));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new StartFailure(
          StartFailure.PORT_TAKEN, "No free port on %s.".formatted(address.getHostAddress()), e);
    }
  }
}
