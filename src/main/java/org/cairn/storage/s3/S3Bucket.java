package org.cairn.storage.s3;

import io.quarkus.logging.Log;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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

  private static final Duration KEPT = Duration.ofSeconds(3);

  private record Finding(String fault, Instant at) {}

  private final S3ObjectStore store;
  private final S3Config config;
  private final Clock clock;
  private volatile Finding last = new Finding("not looked for yet", Instant.EPOCH);

  S3Bucket(S3ObjectStore store, S3Config config, Clock clock) {
    this.store = store;
    this.config = config;
    this.clock = clock;
  }

  @PostConstruct
  void lookAtStart() {
    look();
  }

  @Override
  public HealthCheckResponse call() {
    var fault = look();
    var response = HealthCheckResponse.named("object store").withData("bucket", config.bucket());
    return fault.isEmpty()
        ? response.up().build()
        : response.withData("fault", fault).down().build();
  }

  /** Why the bucket cannot be used, or an empty text; asks the store every few seconds at most. */
  private synchronized String look() {
    if (last.at().plus(KEPT).isAfter(clock.instant())) {
      return last.fault();
    }
    String fault;
    try {
      fault =
          store.bucketExists(config.createBucket())
              ? ""
              : "there is no such bucket, and cairn.s3.create-bucket is false";
      if (!fault.isEmpty() && !fault.equals(last.fault())) {
        Log.warnf("Bucket %s at %s: %s", config.bucket(), config.endpoint(), fault);
      }
    } catch (ObjectStoreException e) {
      // The whole story is for the log; whoever may read health need not learn of hosts and keys.
      fault = e.kind().toString();
      if (!fault.equals(last.fault())) {
        Log.warnf(e, "Bucket %s at %s cannot be used", config.bucket(), config.endpoint());
      }
    }
    if (fault.isEmpty() && !last.fault().isEmpty()) {
      Log.infof("Bucket %s at %s is ready", config.bucket(), config.endpoint());
    }
    last = new Finding(fault, clock.instant());
    return fault;
  }
}
