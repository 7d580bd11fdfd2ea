package org.cairn.embedded;

import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import org.eclipse.microprofile.config.Config;

/**
 * What the zero-configuration mode does once the server answers: says so, publishes the example,
 * waits for the end.
 */
@Singleton
@Unremovable
final class CairnServer implements QuarkusApplication {

  private final Config config;

  CairnServer(Config config) {
    this.config = config;
  }

  /**
   * @param arguments {@code serve} or {@code demo}, the data folder, the installation
   */
  @Override
  public int run(String... arguments) {
    var url = "http://%s:%s".formatted(host(), get("quarkus.http.port"));
    System.out.println(
        """
        Cairn %s is ready at %s
          Swagger UI   %s/q/swagger-ui
          health       http://%s:%s/q/health
          data         %s
        """
            .formatted(
                get("quarkus.application.version"),
                url,
                url,
                get("quarkus.management.host"),
                get("quarkus.management.port"),
                arguments[1])
            .stripTrailing());
    if (!arguments[0].equals("demo")) {
      System.out.println("Ctrl-C stops it.");
      System.out.flush();
      Quarkus.waitForExit();
      return 0;
    }
    System.out.flush();
    try (var _ = Demo.start(new Installation(Path.of(arguments[2])), url)) {
      Quarkus.waitForExit();
    }
    return 0;
  }

  /** The servers open their ports next. */
  static void openPorts(@Observes StartupEvent event) {
    Ports.release();
  }

  /** An address to open: "any" is none. */
  private String host() {
    var host = get("quarkus.http.host");
    if (host.equals("0.0.0.0") || host.equals("0:0:0:0:0:0:0:0")) {
      return "127.0.0.1";
    }
    return host.contains(":") ? "[" + host + "]" : host;
  }

  private String get(String key) {
    return config.getValue(key, String.class);
  }
}
