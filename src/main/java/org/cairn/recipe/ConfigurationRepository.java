package org.cairn.recipe;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;
import org.cairn.platform.CanonicalJson;
import org.hibernate.Session;

@ApplicationScoped
class ConfigurationRepository implements PanacheRepositoryBase<Configuration, UUID> {

  private final Session session;

  ConfigurationRepository(Session session) {
    this.session = session;
  }

  /** Stores a configuration unless the project has an equal one; answers whether it was stored. */
  boolean insert(
      UUID projectId, CreateConfigurationRequest request, RawConfiguration parsed, Instant now) {
    var resolved = parsed.resolved();
    return session
            .createNativeMutationQuery(
                """
                insert into configuration (id, project_id, name, raw_sha256, raw_media_type,
                  resolved, digest, parse_error, created_at)
                values (gen_random_uuid(), :project, :name, :raw, :mediaType,
                  cast(:resolved as jsonb), :digest, :error, :now)
                on conflict (project_id, name, coalesce(raw_sha256, ''), coalesce(digest, ''))
                do nothing
                """)
            .setParameter("project", projectId)
            .setParameter("name", request.name())
            .setParameter("raw", request.raw() == null ? null : request.raw().hex(), String.class)
            .setParameter("mediaType", request.rawMediaType(), String.class)
            .setParameter("resolved", resolved == null ? null : resolved.toString(), String.class)
            .setParameter(
                "digest",
                resolved == null ? null : CanonicalJson.digest(resolved).hex(),
                String.class)
            .setParameter("error", parsed.parseError(), String.class)
            .setParameter("now", now)
            .executeUpdate()
        == 1;
  }

  /** The configuration that equals this one. */
  Configuration equal(UUID projectId, CreateConfigurationRequest request, RawConfiguration parsed) {
    var resolved = parsed.resolved();
    return find(
            """
            projectId = ?1 and name = ?2 and coalesce(rawSha256, '') = ?3
            and coalesce(digest, '') = ?4
            """,
            projectId,
            request.name(),
            request.raw() == null ? "" : request.raw().hex(),
            resolved == null ? "" : CanonicalJson.digest(resolved).hex())
        .singleResult();
  }
}
