package org.cairn.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairn.testsupport.Api.refused;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.cairn.testsupport.Api;
import org.cairn.testsupport.PostgresResource;
import org.cairn.testsupport.S3Resource;
import org.hibernate.Session;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(S3Resource.class)
class IdempotencyPurgeJobTest {

  @Inject IdempotencyPurgeJob job;
  @Inject Session session;
  @Inject Clock clock;

  @Test
  void forgetsKeysThatNobodyRepeatsAnyMore() {
    var old = Api.unique("old");
    var young = Api.unique("young");
    create(old).then().statusCode(201);
    create(young).then().statusCode(201);
    usedAt(old, clock.instant().minus(IdempotencyPurgeJob.KEEP).minusSeconds(60));
    usedAt(young, clock.instant().minus(IdempotencyPurgeJob.KEEP).plusSeconds(600));
    assertThat(job.runOnce()).isPositive();
    refused(create(old), 409, "conflict");
    create(young).then().statusCode(201);
  }

  private static io.restassured.response.Response create(String name) {
    return Api.post("/v1/projects", "{\"name\":\"" + name + "\"}", Map.of("Idempotency-Key", name));
  }

  private void usedAt(String key, Instant time) {
    QuarkusTransaction.requiringNew()
        .run(() ->
            session
                .createNativeMutationQuery(
                    "update idempotency set created_at = :time where key = :key")
                .setParameter("time", time)
                .setParameter("key", key)
                .executeUpdate());
  }
}
