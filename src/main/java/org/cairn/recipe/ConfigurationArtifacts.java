package org.cairn.recipe;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Set;
import org.cairn.artifact.ArtifactReferences;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;

/** Configurations as they were published. */
@ApplicationScoped
class ConfigurationArtifacts implements ArtifactReferences {

  private final Sql sql;

  ConfigurationArtifacts(Sql sql) {
    this.sql = sql;
  }

  @Override
  public Set<Sha256> among(Collection<Sha256> digests) {
    return ArtifactReferences.where(
        sql, "exists (select 1 from configuration c where c.raw_sha256 = named.digest)", digests);
  }
}
