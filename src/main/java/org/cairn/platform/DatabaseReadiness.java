package org.cairn.platform;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Whether a connection of the pool can be had and answers. In place of the extension's own check,
 * which waits as long as requests do.
 */
@Readiness
@ApplicationScoped
class DatabaseReadiness implements HealthCheck {

  private static final int SECONDS = 2;

  private final DataSource database;
  private final Probe probe = new Probe(this::look);

  DatabaseReadiness(DataSource database) {
    this.database = database;
  }

  @Override
  public HealthCheckResponse call() {
    var fault = probe.fault();
    var response = HealthCheckResponse.named("database");
    return fault.isEmpty()
        ? response.up().build()
        : response.withData("fault", fault).down().build();
  }

  private String look() {
    try (var connection = database.getConnection()) {
      return connection.isValid(SECONDS) ? "" : "it does not answer";
    } catch (SQLException e) {
      return "no connection can be had";
    }
  }
}
