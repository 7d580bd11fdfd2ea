package org.cairn.artifact;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;
import org.cairn.storage.ObjectKey;
import org.jspecify.annotations.Nullable;

/**
 * The table of verified bytes. What a row says of them never changes; when they were needed, and
 * what became of the object, is written past any entity.
 */
@ApplicationScoped
class ArtifactRepository {

  private static final String COLUMNS =
      "sha256, size, media_type, storage_key, verified_at, damage";

  private final Sql sql;

  ArtifactRepository(Sql sql) {
    this.sql = sql;
  }

  /** The row of a digest after {@link #insert}. */
  record Inserted(ObjectKey key, @Nullable Damage damage) {}

  /**
   * Records verified bytes unless their digest has a row; either way they are needed now. The row
   * is kept until the end of the transaction.
   */
  Inserted insert(UploadFacts upload, Instant now) {
    return sql.query(
            """
            insert into artifact (sha256, size, media_type, storage_key, verified_at, needed_at)
            values (?, ?, ?, ?, ?, now())
            on conflict (sha256) do update set needed_at = now()
            returning storage_key, damage
            """,
            List.of(
                upload.sha256().hex(),
                upload.plan().size(),
                upload.mediaType(),
                upload.multipart().key().value(),
                now.atOffset(ZoneOffset.UTC)),
            row -> new Inserted(new ObjectKey(row.getString(1)), Damage.parse(row.getString(2))))
        .getFirst();
  }

  /** The bytes lie at {@code key} now, where they were just verified. */
  void replace(Sha256 sha256, ObjectKey key, Instant now) {
    sql.update(
        """
        update artifact set storage_key = ?, verified_at = ?, scrubbed_at = ?, damage = null,
          damaged_at = null
        where sha256 = ?
        """,
        List.of(
            key.value(), now.atOffset(ZoneOffset.UTC), now.atOffset(ZoneOffset.UTC), sha256.hex()));
  }

  Optional<StoredArtifact> find(Sha256 sha256) {
    return select(List.of(sha256)).values().stream().findFirst();
  }

  /** Those of {@code digests} that are here, in one statement. */
  Map<Sha256, StoredArtifact> select(Collection<Sha256> digests) {
    // Every file that is served is looked up here: a query of Hibernate takes five times as long.
    return read(
        "select " + COLUMNS + " from artifact where sha256 = any (?)",
        List.of((Object) hex(digests)));
  }

  /**
   * As {@link #select}; until the transaction ends none of them is collected. In an order, so that
   * two who do this do not wait for each other.
   */
  Map<Sha256, StoredArtifact> hold(Collection<Sha256> digests) {
    return read(
        "select " + COLUMNS + " from artifact where sha256 = any (?) order by sha256 for key share",
        List.of((Object) hex(digests)));
  }

  /**
   * As {@link #select}, and writes down that they are needed where that was last done longer ago
   * than {@code slack}. What is collected at the same moment is either not in the answer, or not
   * collected.
   */
  Map<Sha256, StoredArtifact> need(Collection<Sha256> digests, Duration slack) {
    return read(
        """
        with here as (
          select %s, needed_at < now() - ? * interval '1 millisecond' as stale
          from artifact where sha256 = any (?)),
        stale as (
          select sha256 from artifact where sha256 in (select sha256 from here where stale)
          order by sha256 for no key update),
        needed as (
          update artifact a set needed_at = now() from stale where a.sha256 = stale.sha256
          returning a.sha256)
        select %s from here where not stale or sha256 in (select sha256 from needed)
        """
            .formatted(COLUMNS, COLUMNS),
        List.of(slack.toMillis(), hex(digests)));
  }

  private Map<Sha256, StoredArtifact> read(String query, List<?> values) {
    var found = new HashMap<Sha256, StoredArtifact>();
    sql.stream(
        query,
        values,
        row -> {
          var artifact = artifact(row);
          found.put(artifact.sha256(), artifact);
        });
    return found;
  }

  /** Artifacts after {@code after}, by digest; empty for the first. */
  List<StoredArtifact> page(String after, int limit) {
    return sql.query(
        "select " + COLUMNS + " from artifact where sha256 > ? order by sha256 limit ?",
        List.of(after, limit),
        ArtifactRepository::artifact);
  }

  /** As {@link #page}, of those that nobody relied on for as long as {@code grace}. */
  List<StoredArtifact> idle(String after, Duration grace, int limit) {
    return sql.query(
        "select "
            + COLUMNS
            + " from artifact where sha256 > ? and needed_at < now() - ? * interval '1 millisecond'"
            + " order by sha256 limit ?",
        List.of(after, grace.toMillis(), limit),
        ArtifactRepository::artifact);
  }

  /**
   * Those of {@code digests} that are idle still, for this transaction alone: somebody who is about
   * to name one waits for its end, and one that somebody has is left out.
   */
  Map<Sha256, StoredArtifact> lockIdle(Collection<Sha256> digests, Duration grace) {
    return read(
        "select "
            + COLUMNS
            + " from artifact where sha256 = any (?)"
            + " and needed_at < now() - ? * interval '1 millisecond'"
            + " order by sha256 for update skip locked",
        List.of(hex(digests), grace.toMillis()));
  }

  void delete(Collection<Sha256> digests) {
    sql.update("delete from artifact where sha256 = any (?)", List.of((Object) hex(digests)));
  }

  /** Those of {@code digests} whose objects are damaged. */
  List<Sha256> damaged(Collection<Sha256> digests) {
    return sql.query(
        "select sha256 from artifact where damage is not null and sha256 = any (?)",
        List.of((Object) hex(digests)),
        row -> new Sha256(row.getString(1)));
  }

  /** Those of {@code keys} at which the bytes of an artifact lie. */
  List<String> keysAmong(Collection<String> keys) {
    return sql.query(
        "select storage_key from artifact where storage_key = any (?)",
        List.of((Object) keys.toArray(String[]::new)),
        row -> row.getString(1));
  }

  private static StoredArtifact artifact(ResultSet row) throws SQLException {
    return new StoredArtifact(
        new Sha256(row.getString(1)),
        row.getLong(2),
        row.getString(3),
        new ObjectKey(row.getString(4)),
        Objects.requireNonNull(Sql.instant(row, "verified_at")),
        Damage.parse(row.getString(6)));
  }

  static String[] hex(Collection<Sha256> digests) {
    return digests.stream().map(Sha256::hex).toArray(String[]::new);
  }
}
