package org.cairn.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/**
 * Finds ports before a server is told to use them, so that a taken one is one sentence and not a
 * stack trace.
 */
final class Ports {

  private static final int TRIES = 100;

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
   * The first free port from {@code wanted} on, or any free one when none of the next hundred is.
   */
  static int freeFrom(InetAddress address, int wanted) {
    for (int port = wanted; port < Math.min(wanted + TRIES, 65_536); port++) {
      if (isFree(address, port)) {
        return port;
      }
    }
    return anyFree(address);
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
