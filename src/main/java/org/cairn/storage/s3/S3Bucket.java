package org.cairn.storage.s3;

import io.quarkus.logging.Log;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import org.cairn.platform.Probe;
import org.cairn.storage.ObjectStoreException;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Looks for the bucket at start, and again whenever readiness is asked for. A store that is not
 * there yet delays readiness rather than the start, so that both may start in any order.
 */
@Startup
@Readiness
@ApplicationScoped
class S3Bucket implements HealthCheck {

  private final S3ObjectStore store;
  private final S3Config config;
  private final Probe probe = new Probe(this::look);
  private volatile String last = "not looked for yet";

  S3Bucket(S3ObjectStore store, S3Config config) {
    this.store = store;
    this.config = config;
  }

  @PostConstruct
  void lookAtStart() {
    var _ = probe.fault();
  }

  @Override
  public HealthCheckResponse call() {
    var fault = probe.fault();
    var response = HealthCheckResponse.named("object store").withData("bucket", config.bucket());
    return fault.isEmpty()
        ? response.up().build()
        : response.withData("fault", fault).down().build();
  }

  /** Why the bucket cannot be used, or an empty text. */
  private String look() {
    String fault;
    try {
      fault =
          store.bucketExists(config.createBucket())
              ? ""
              : "there is no such bucket, and cairn.s3.create-bucket is false";
      if (!fault.isEmpty() && !fault.equals(last)) {
        Log.warnf("Bucket %s at %s: %s", config.bucket(), config.endpoint(), fault);
      }
    } catch (ObjectStoreException e) {
      // The whole story is for the log; whoever may read health need not learn of hosts and keys.
      fault = e.kind().toString();
      if (!fault.equals(last)) {
        Log.warnf(e, "Bucket %s at %s cannot be used", config.bucket(), config.endpoint());
      }
    }
    if (fault.isEmpty() && !last.isEmpty()) {
      Log.infof("Bucket %s at %s is ready", config.bucket(), config.endpoint());
    }
    last = fault;
    return fault;
  }
}
