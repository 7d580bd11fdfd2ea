package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.cairn.artifact.BucketFolder;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;
import org.cairn.storage.ObjectKey;

/**
 * What manifests name. Nothing hangs on a document but manifests, so one that the catalogue does
 * not know proves nothing; none is ever deleted.
 */
@ApplicationScoped
class DocumentFolder implements BucketFolder {

  private static final Pattern KEY = Pattern.compile("documents/[0-9a-f]{2}/([0-9a-f]{64})\\.json");

  private final Sql sql;

  DocumentFolder(Sql sql) {
    this.sql = sql;
  }

  static ObjectKey key(Sha256 digest) {
    return ObjectKey.of("documents", digest.hex().substring(0, 2), digest + ".json");
  }

  /** What a document is named by; empty for anything else. */
  static Optional<Sha256> digest(ObjectKey key) {
    var name = KEY.matcher(key.value());
    return name.matches() ? Optional.of(new Sha256(name.group(1))) : Optional.empty();
  }

  @Override
  public ObjectKey folder() {
    return new ObjectKey("documents");
  }

  @Override
  public Map<ObjectKey, Standing> standings(Collection<ObjectKey> keys) {
    var digests = new HashMap<ObjectKey, String>();
    keys.forEach(key -> digest(key).ifPresent(digest -> digests.put(key, digest.hex())));
    var known =
        new HashSet<>(
            sql.query(
                "select sha256 from document where sha256 = any (?)",
                List.of((Object) digests.values().toArray(String[]::new)),
                row -> row.getString(1)));
    var standings = new HashMap<ObjectKey, Standing>();
    digests.forEach((key, digest) ->
        standings.put(key, known.contains(digest) ? Standing.KNOWN : Standing.UNKNOWN));
    return standings;
  }

  /** Those that are still kept in the catalogue may not have been stored yet. */
  @Override
  public List<NamedObject> named(String after, int limit) {
    return sql.query(
        "select sha256 from document where content is null and sha256 > ? order by sha256 limit ?",
        List.of(after, limit),
        row -> {
          var digest = new Sha256(row.getString(1));
          return new NamedObject(digest.hex(), key(digest), digest, null);
        });
  }
}
