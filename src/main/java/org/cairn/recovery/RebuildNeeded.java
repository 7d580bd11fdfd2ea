package org.cairn.recovery;

import io.quarkus.logging.Log;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;
import org.cairn.storage.ObjectStoreException;
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

  private final RebuildService state;
  private final ObjectStore store;
  private volatile boolean settled;

  RebuildNeeded(RebuildService state, ObjectStore store) {
    this.state = state;
    this.store = store;
  }

  void look(@ObservesAsync HttpServerStart event) {
    try {
      if (isNeeded()) {
        Log.warn(
            "The database has no catalogue, but the bucket has one: stop Cairn and run cairn rebuild");
      }
    } catch (ObjectStoreException e) {
      // Readiness tells of a store that is away, and looks again.
    }
  }

  @Override
  public HealthCheckResponse call() {
    var response = HealthCheckResponse.named("catalogue");
    try {
      return isNeeded()
          ? response
              .withData("fault", "the bucket has a catalogue that the database does not know")
              .down()
              .build()
          : response.up().build();
    } catch (ObjectStoreException e) {
      return response.withData("fault", e.kind().toString()).down().build();
    }
  }

  private boolean isNeeded() {
    if (settled) {
      return false;
    }
    var needed = state.isUnfinished() || (state.isEmpty() && (has("records") || has("catalogue")));
    settled = !needed && !state.isEmpty();
    return needed;
  }

  private boolean has(String folder) {
    try (var objects = store.list(new ObjectKey(folder))) {
      return objects.findFirst().isPresent();
    }
  }
}
