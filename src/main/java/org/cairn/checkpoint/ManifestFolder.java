package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.cairn.artifact.BucketFolder;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;
import org.cairn.storage.ObjectKey;

/**
 * Manifests of checkpoints. The catalogue fixes the digest of one before it is stored, and writes
 * down which ones it gave up: any other shows that it has lost something.
 */
@ApplicationScoped
class ManifestFolder implements BucketFolder {

  private static final Pattern KEY =
      Pattern.compile("catalogue/[^/]+/[^/]+/checkpoints/([0-9a-f]{64})\\.json");

  private static final UUID FIRST = new UUID(0, 0);

  private final Sql sql;

  ManifestFolder(Sql sql) {
    this.sql = sql;
  }

  static ObjectKey key(String project, String run, String digest) {
    return new ObjectKey("catalogue/%s/%s/checkpoints/%s.json".formatted(project, run, digest));
  }

  /** What a manifest is named by; empty for anything else. */
  static Optional<Sha256> digest(ObjectKey key) {
    var name = KEY.matcher(key.value());
    return name.matches() ? Optional.of(new Sha256(name.group(1))) : Optional.empty();
  }

  @Override
  public ObjectKey folder() {
    return new ObjectKey("catalogue");
  }

  @Override
  public Map<ObjectKey, Standing> standings(Collection<ObjectKey> keys) {
    var digests = new HashMap<ObjectKey, String>();
    keys.forEach(key -> digest(key).ifPresent(digest -> digests.put(key, digest.hex())));
    // In this order: a manifest that is given up between the two is known to one of them.
    var known = among("checkpoint where manifest_sha256", "manifest_sha256", digests.values());
    var abandoned = among("abandoned_manifest where sha256", "sha256", digests.values());
    var standings = new HashMap<ObjectKey, Standing>();
    digests.forEach((key, digest) ->
        standings.put(
            key,
            known.contains(digest)
                ? Standing.KNOWN
                : abandoned.contains(digest) ? Standing.ABANDONED : Standing.AHEAD));
    return standings;
  }

  private Set<String> among(String from, String column, Collection<String> digests) {
    return new HashSet<>(
        sql.query(
            "select " + column + " from " + from + " = any (?)",
            List.of((Object) digests.toArray(String[]::new)),
            row -> row.getString(1)));
  }

  @Override
  public List<NamedObject> named(String after, int limit) {
    return sql.query(
        """
        select c.id, p.name, r.name, c.manifest_sha256, c.manifest
        from checkpoint c join run r on r.id = c.run_id join project p on p.id = r.project_id
        where c.state = 'sealed' and c.id > ? order by c.id limit ?
        """,
        List.of(after.isEmpty() ? FIRST : UUID.fromString(after), limit),
        row ->
            new NamedObject(
                row.getString(1),
                key(row.getString(2), row.getString(3), row.getString(4)),
                new Sha256(row.getString(4)),
                row.getString(5)));
  }
}
