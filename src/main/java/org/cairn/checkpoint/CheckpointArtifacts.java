package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Set;
import org.cairn.artifact.ArtifactReferences;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;

/** Files of checkpoints, drafts too. */
@ApplicationScoped
class CheckpointArtifacts implements ArtifactReferences {

  private final Sql sql;

  CheckpointArtifacts(Sql sql) {
    this.sql = sql;
  }

  @Override
  public Set<Sha256> among(Collection<Sha256> digests) {
    return ArtifactReferences.where(
        sql, "exists (select 1 from checkpoint_file f where f.sha256 = named.digest)", digests);
  }
}
