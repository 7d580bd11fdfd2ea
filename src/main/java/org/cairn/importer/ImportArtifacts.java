package org.cairn.importer;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Set;
import org.cairn.artifact.ArtifactReferences;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;

/** Listings, configurations and results as they were published. */
@ApplicationScoped
class ImportArtifacts implements ArtifactReferences {

  private final Sql sql;

  ImportArtifacts(Sql sql) {
    this.sql = sql;
  }

  @Override
  public Set<Sha256> among(Collection<Sha256> digests) {
    return ArtifactReferences.where(
        sql, "exists (select 1 from import_file f where f.sha256 = named.digest)", digests);
  }
}
