package org.cairn.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;
import org.cairn.platform.CanonicalJson;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Answers a repeated POST with its first answer. The key is stored by the transaction that has the
 * effect, so that both happen or neither; a second request with the same key waits for the first
 * one on the primary key.
 */
@ApplicationScoped
public class Idempotency {

  /** Longest key, in characters. */
  public static final int KEY_MAX = 200;

  private final EntityManager entities;
  private final ObjectMapper json;
  private final Clock clock;

  Idempotency(EntityManager entities, ObjectMapper json, Clock clock) {
    this.entities = entities;
    this.json = json;
    this.clock = clock;
  }

  /**
   * Runs {@code effect} unless {@code key} was used before for {@code operation}; then gives back
   * what it answered. Must be called inside the transaction of the effect.
   *
   * @param operation what is done and to what, such as {@code createRun EleutherAI}
   * @param key the Idempotency-Key header; null runs the effect
   * @param request the request, as a value that Jackson writes; another one under the same key is
   *     refused
   */
  @Transactional(TxType.MANDATORY)
  public <T> T once(
      String operation, @Nullable String key, Object request, Class<T> answer, Supplier<T> effect) {
    if (key == null) {
      return effect.get();
    }
    if (key.isEmpty() || key.length() > KEY_MAX) {
      throw RegistryException.invalid("Idempotency-Key", "has 1 to " + KEY_MAX + " characters");
    }
    var digest = digest(request);
    var mine =
        entities
                .createNativeQuery(
                    """
                    insert into idempotency (operation, key, request_digest, created_at)
                    values (:operation, :key, :digest, :now)
                    on conflict do nothing
                    """)
                .setParameter("operation", operation)
                .setParameter("key", key)
                .setParameter("digest", digest.hex())
                .setParameter("now", clock.instant())
                .executeUpdate()
            == 1;
    if (!mine) {
      return repeat(operation, key, digest, answer);
    }
    T result = effect.get();
    entities
        .createNativeQuery(
            """
            update idempotency set response = cast(:response as jsonb)
            where operation = :operation and key = :key
            """)
        .setParameter("response", write(result))
        .setParameter("operation", operation)
        .setParameter("key", key)
        .executeUpdate();
    return result;
  }

  /** Forgets keys that were used longer ago than {@code age}; up to {@code limit} of them. */
  @Transactional
  int forget(Duration age, int limit) {
    return entities
        .createNativeQuery(
            """
            delete from idempotency where (operation, key) in (
              select operation, key from idempotency where created_at < :before
              order by created_at limit :limit)
            """)
        .setParameter("before", clock.instant().minus(age))
        .setParameter("limit", limit)
        .executeUpdate();
  }

  private <T> T repeat(String operation, String key, Sha256 digest, Class<T> answer) {
    var row =
        (Object[])
            entities
                .createNativeQuery(
                    """
                    select request_digest, cast(response as text) from idempotency
                    where operation = :operation and key = :key
                    """,
                    Object[].class)
                .setParameter("operation", operation)
                .setParameter("key", key)
                .getSingleResult();
    if (!digest.hex().equals(row[0])) {
      throw new RegistryException(
          ProblemType.IDEMPOTENCY_MISMATCH,
          "Idempotency-Key " + key + " was used before with another request");
    }
    try {
      return json.readValue((String) row[1], answer);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A stored answer does not parse: " + operation, e);
    }
  }

  private Sha256 digest(Object request) {
    var tree =
        json.createArrayNode()
            .add(json.<com.fasterxml.jackson.databind.JsonNode>valueToTree(request));
    try {
      return CanonicalJson.digest(tree);
    } catch (UncheckedIOException e) {
      throw RegistryException.invalid("body", "has a number outside the range of a double");
    }
  }

  private String write(Object answer) {
    try {
      return json.writeValueAsString(answer);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An answer cannot be written", e);
    }
  }
}
