package org.cairn.run;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Set;
import org.cairn.artifact.ArtifactReferences;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;

/** Files of runs, and the index files of data orders. */
@ApplicationScoped
class RunArtifacts implements ArtifactReferences {

  private final Sql sql;

  RunArtifacts(Sql sql) {
    this.sql = sql;
  }

  @Override
  public Set<Sha256> among(Collection<Sha256> digests) {
    return ArtifactReferences.where(
        sql,
        """
        exists (select 1 from run_file f where f.sha256 = named.digest)
          or exists (select 1 from segment s where s.data_order ->> 'sha256' = named.digest)
        """,
        digests);
  }
}
