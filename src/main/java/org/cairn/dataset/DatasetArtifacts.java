package org.cairn.dataset;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Set;
import org.cairn.artifact.ArtifactReferences;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;

/** Files of dataset versions, those that are said to be elsewhere too, and their tokenizers. */
@ApplicationScoped
class DatasetArtifacts implements ArtifactReferences {

  private final Sql sql;

  DatasetArtifacts(Sql sql) {
    this.sql = sql;
  }

  @Override
  public Set<Sha256> among(Collection<Sha256> digests) {
    return ArtifactReferences.where(
        sql,
        """
        exists (select 1 from dataset_file f where f.sha256 = named.digest)
          or exists (select 1 from dataset_version v where v.tokenizer_sha256 = named.digest)
        """,
        digests);
  }
}
