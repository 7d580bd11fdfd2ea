package org.cairn.access;

import io.quarkus.logging.Log;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.cairn.access.AccessConfig.Anonymous;
import org.eclipse.microprofile.config.Config;

/** Refuses a configuration that protects nothing while it seems to, and warns of an open one. */
@Startup
@ApplicationScoped
class AccessStart {

  /** Of random letters and digits, about 190 bits. */
  static final int SHORTEST = 32;

  AccessStart(AccessConfig config, Config all) {
    var host = all.getOptionalValue("quarkus.http.host", String.class);
    check(config.adminToken());
    if (config.anonymous() == Anonymous.WRITE && !isLoopback(host.orElse(""))) {
      Log.warn(
          "Everybody who reaches this service may write: cairn.access.anonymous is write, and it"
              + " does not listen on loopback alone");
    }
    if (config.anonymous() != Anonymous.WRITE && config.adminToken().isEmpty()) {
      Log.warn(
          "Nobody can make tokens: cairn.access.admin-token is not set. Those made before are"
              + " valid");
    }
  }

  static void check(Optional<String> adminToken) {
    if (adminToken.isPresent()
        && !adminToken.get().matches("[\\x21-\\x7e]{" + SHORTEST + ",512}")) {
      throw new IllegalStateException(
          "cairn.access.admin-token has "
              + SHORTEST
              + " to 512 printable characters without spaces, such as hf_ and the answer of openssl"
              + " rand -hex 24");
    }
  }

  static boolean isLoopback(String host) {
    try {
      // Of a name, the answer of the machine's own table; of nothing, all addresses.
      return !host.isEmpty() && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException _) {
      return false;
    }
  }
}
