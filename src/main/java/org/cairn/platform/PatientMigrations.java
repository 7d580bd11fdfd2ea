package org.cairn.platform;

import io.quarkus.flyway.FlywayConfigurationCustomizer;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** A migration takes as long as it takes: it rewrites tables, and nobody waits for an answer. */
@ApplicationScoped
class PatientMigrations implements FlywayConfigurationCustomizer {

  @Override
  public void customize(FluentConfiguration configuration) {
    configuration.callbacks(new Unbounded());
  }

  private static final class Unbounded extends BaseCallback {
    private int bound;

    @Override
    public boolean supports(Event event, Context context) {
      return event == Event.BEFORE_EACH_MIGRATE || event == Event.AFTER_EACH_MIGRATE;
    }

    @Override
    public void handle(Event event, Context context) {
      var connection = context.getConnection();
      try {
        if (event == Event.BEFORE_EACH_MIGRATE) {
          bound = connection.getNetworkTimeout();
          connection.setNetworkTimeout(Runnable::run, 0);
        } else {
          connection.setNetworkTimeout(Runnable::run, bound);
        }
      } catch (SQLException e) {
        throw new FlywayException("The wait for the database cannot be set", e);
      }
    }
  }
}
