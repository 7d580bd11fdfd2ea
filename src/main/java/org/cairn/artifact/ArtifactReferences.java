package org.cairn.artifact;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;

/**
 * Knows what names artifacts. Every feature whose tables hold digests of artifacts is one, found as
 * a CDI bean: what none of them names is collected. Whoever writes such a row calls {@link
 * ArtifactService#claim} in the same transaction, or locks the rows of the artifacts {@code for key
 * share} in a statement of its own.
 */
public interface ArtifactReferences {

  /** Those of {@code digests} that are named; one statement, in the caller's transaction. */
  Set<Sha256> among(Collection<Sha256> digests);

  /**
   * Those for which {@code condition} holds, which is SQL over {@code named.digest}. It is asked
   * for each of them, so that a digest which a million rows name costs no more than any other.
   */
  static Set<Sha256> where(Sql sql, String condition, Collection<Sha256> digests) {
    return new HashSet<>(
        sql.query(
            "select named.digest from unnest(?) as named (digest) where " + condition,
            List.of((Object) digests.stream().map(Sha256::hex).toArray(String[]::new)),
            row -> new Sha256(row.getString(1))));
  }
}
