package org.cairn.embedded;

import io.quarkus.runtime.Quarkus;
import java.util.Map;
import picocli.CommandLine.Command;

/** For whoever packages Cairn: the launcher has the JVM keep what it learns of this. */
@Command(
    name = "rehearse",
    hidden = true,
    description = "Starts without a database and a store, asks itself a few things and ends.")
final class RehearseCommand implements Runnable {

  /** A port that nobody listens on: connections are refused at once. */
  private static final String NOWHERE = "127.0.0.1:1";

  /** Stronger than the environment, so that it cannot reach anybody's registry. */
  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          Map.entry("quarkus.datasource.jdbc.url", "jdbc:postgresql://" + NOWHERE + "/rehearsal"),
          Map.entry("quarkus.datasource.jdbc.acquisition-timeout", "PT0.1S"),
          Map.entry("quarkus.datasource.username", "nobody"),
          Map.entry("quarkus.datasource.password", "none"),
          Map.entry("quarkus.flyway.migrate-at-start", "false"),
          Map.entry("quarkus.flyway.validate-at-start", "false"),
          Map.entry("cairn.s3.endpoint", "http://" + NOWHERE),
          Map.entry("cairn.s3.access-key", "nobody"),
          Map.entry("cairn.s3.secret-key", "none"),
          Map.entry("quarkus.http.host", Rehearsal.HOST),
          Map.entry("quarkus.management.host", Rehearsal.HOST));

  @Override
  public void run() {
    SETTINGS.forEach(System::setProperty);
    var loopback = Ports.address(Rehearsal.HOST);
    for (var port : Rehearsal.PORTS) {
      System.setProperty(port, String.valueOf(Ports.holdFrom(loopback, Rehearsal.FIRST_PORT)));
    }
    Quarkus.run(Rehearsal.class);
  }
}
