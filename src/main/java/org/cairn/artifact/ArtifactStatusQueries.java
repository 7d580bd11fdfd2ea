package org.cairn.artifact;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cairn.platform.Sha256;
import org.cairn.platform.Sql;

/** How far bytes are: an artifact, or else what the upload says that tells most. */
@ApplicationScoped
class ArtifactStatusQueries {

  private final Sql sql;

  ArtifactStatusQueries(Sql sql) {
    this.sql = sql;
  }

  /** The state of each of these digests, in one statement. */
  Map<Sha256, ArtifactStatus> of(Collection<Sha256> digests) {
    var statuses = new HashMap<Sha256, ArtifactStatus>();
    sql.stream(
        """
        select named.sha256, a.size, a.damage, u.state, u.failure
        from unnest(cast(? as text[])) as named (sha256)
        left join artifact a on a.sha256 = named.sha256
        left join lateral (
          select state, failure from upload where upload.sha256 = named.sha256
          order by (state = 'verifying') desc, created_at desc limit 1) u
          on a.sha256 is null or a.damage is not null
        """,
        List.of((Object) digests.stream().map(Sha256::hex).toArray(String[]::new)),
        row -> statuses.put(new Sha256(row.getString("sha256")), status(row)));
    return statuses;
  }

  private static ArtifactStatus status(ResultSet row) throws SQLException {
    var size = row.getObject("size", Long.class);
    boolean damaged = row.getString("damage") != null;
    if (size != null && !damaged) {
      return new ArtifactStatus(ArtifactState.VERIFIED, size, null);
    }
    var upload = row.getString("state");
    if (upload != null) {
      switch (UploadState.parse(upload)) {
        case VERIFYING -> {
          return new ArtifactStatus(ArtifactState.VERIFYING, null, null);
        }
        case FAILED -> {
          if (!damaged) {
            return new ArtifactStatus(ArtifactState.FAILED, null, row.getString("failure"));
          }
        }
        case OPEN, ABORTED, VERIFIED -> {
          // Nothing has arrived; or it has long ago, and was collected or damaged since.
        }
      }
    }
    return damaged ? ArtifactStatus.DAMAGED : ArtifactStatus.MISSING;
  }
}
