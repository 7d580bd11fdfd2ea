package org.cairn.recovery;

import io.quarkus.logging.Log;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import org.cairn.platform.Probe;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Not ready where the database is empty and the bucket is not: whoever wrote to such a registry
 * would have two catalogues, and a rebuild fills none that is not empty. Once the catalogue has a
 * project, it is not looked for again.
 */
@Readiness
@ApplicationScoped
class RebuildNeeded implements HealthCheck {

  private static final String FAULT = "the bucket has a catalogue that the database does not know";

  private final RecoveryService state;
  private final ObjectStore store;
  private final Probe probe = new Probe(this::fault);
  private volatile boolean settled;

  RebuildNeeded(RecoveryService state, ObjectStore store) {
    this.state = state;
    this.store = store;
  }

  void look(@ObservesAsync HttpServerStart event) {
    if (fault().equals(FAULT)) {
      Log.warn(
          "The database has no catalogue, but the bucket has one: stop Cairn and run cairn rebuild");
    }
  }

  @Override
  public HealthCheckResponse call() {
    var fault = probe.fault();
    var response = HealthCheckResponse.named("catalogue");
    return fault.isEmpty()
        ? response.up().build()
        : response.withData("fault", fault).down().build();
  }

  private String fault() {
    if (settled) {
      return "";
    }
    try {
      var isEmpty = state.isEmpty();
      if (state.isUnfinished() || (isEmpty && (has("records") || has("catalogue")))) {
        return FAULT;
      }
      settled = !isEmpty;
      return "";
    } catch (RuntimeException e) {
      return "it cannot be looked at"; // the checks of database and store say why
    }
  }

  private boolean has(String folder) {
    try (var objects = store.list(new ObjectKey(folder))) {
      return objects.findFirst().isPresent();
    }
  }
}
