package org.cairn.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.cairn.dataset.CreateVersionRequest.DataFile;
import org.cairn.dataset.DatasetService.DatasetRef;
import org.cairn.platform.Sha256;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/**
 * Versions and their files. Plain SQL: they never change, and their files come by the hundred
 * thousand.
 */
@ApplicationScoped
class VersionRepository {

  private static final String VIEW =
      """
      select v.id, v.version, v.digest, v.description, v.source, v.license, v.tokenizer_sha256, v.tokens, v.documents,
        cast(v.metadata as text) as metadata, v.created_at,
        (select count(*) from dataset_file f where f.dataset_version_id = v.id) as files,
        (select cast(coalesce(sum(f.size), 0) as bigint) from dataset_file f where f.dataset_version_id = v.id) as bytes
      from dataset_version v where v.dataset_id = :dataset
      """;

  private final Session session;
  private final ObjectMapper json;

  VersionRepository(Session session, ObjectMapper json) {
    this.session = session;
    this.json = json;
  }

  void insert(
      UUID id,
      UUID dataset,
      CreateVersionRequest request,
      Sha256 digest,
      ObjectNode metadata,
      Instant now) {
    session
        .createNativeMutationQuery(
            """
            insert into dataset_version (id, dataset_id, version, digest, description, source, license, tokenizer_sha256,
              tokens, documents, metadata, created_at)
            select :id, :dataset, version, :digest, description, source, license, "tokenizerSha256", tokens, documents,
              cast(:metadata as jsonb), :now
            from jsonb_to_record(cast(:row as jsonb)) as v (version text, description text, source text, license text,
              "tokenizerSha256" text, tokens bigint, documents bigint)
            """)
        .setParameter("id", id)
        .setParameter("dataset", dataset)
        .setParameter("digest", digest.hex())
        .setParameter("metadata", metadata.toString())
        .setParameter("row", json.<ObjectNode>valueToTree(request).without("files").toString())
        .setParameter("now", now)
        .executeUpdate();
    session
        .createNativeMutationQuery(
            """
            insert into dataset_file (dataset_version_id, path, sha256, size, media_type, role, tokens, documents, location,
              withheld_reason)
            select :id, path, sha256, size, "mediaType", role, tokens, documents, location, "withheldReason"
            from jsonb_to_recordset(cast(:rows as jsonb)) as file (path text, sha256 text, size bigint, "mediaType" text,
              role text, tokens bigint, documents bigint, location text, "withheldReason" text)
            """)
        .setParameter("id", id)
        .setParameter("rows", json.valueToTree(request.files()).toString())
        .executeUpdate();
  }

  /** A version and its id. */
  record Found(UUID id, VersionView view) {}

  Optional<Found> find(DatasetRef dataset, String version) {
    return session
        .createNativeQuery(VIEW + " and v.version = :version", Tuple.class)
        .setParameter("dataset", dataset.id())
        .setParameter("version", version)
        .getResultStream()
        .map(row -> found(dataset, row))
        .findFirst();
  }

  List<Found> newestBefore(DatasetRef dataset, Instant createdAt, UUID id, int limit) {
    return session
        .createNativeQuery(
            VIEW
                + " and (v.created_at, v.id) < (:createdAt, :id) order by v.created_at desc, v.id desc",
            Tuple.class)
        .setParameter("dataset", dataset.id())
        .setParameter("createdAt", createdAt)
        .setParameter("id", id)
        .setMaxResults(limit)
        .getResultStream()
        .map(row -> found(dataset, row))
        .toList();
  }

  List<DataFile> files(UUID version, String afterPath, int limit) {
    return session
        .createNativeQuery(
            """
            select * from dataset_file where dataset_version_id = :version and path > :after order by path
            """,
            Tuple.class)
        .setParameter("version", version)
        .setParameter("after", afterPath)
        .setMaxResults(limit)
        .getResultStream()
        .map(VersionRepository::file)
        .toList();
  }

  Optional<DataFile> file(UUID version, String path) {
    return session
        .createNativeQuery(
            "select * from dataset_file where dataset_version_id = :version and path = :path",
            Tuple.class)
        .setParameter("version", version)
        .setParameter("path", path)
        .getResultStream()
        .map(VersionRepository::file)
        .findFirst();
  }

  private Found found(DatasetRef dataset, Tuple row) {
    return new Found(
        row.get("id", UUID.class),
        new VersionView(
            dataset.project(),
            dataset.name(),
            row.get("version", String.class),
            new Sha256(row.get("digest", String.class)),
            row.get("description", String.class),
            row.get("source", String.class),
            row.get("license", String.class),
            digest(row.get("tokenizer_sha256", String.class)),
            row.get("tokens", Long.class),
            row.get("documents", Long.class),
            read(row.get("metadata", String.class)),
            row.get("files", Long.class),
            row.get("bytes", Long.class),
            row.get("created_at", Instant.class)));
  }

  private ObjectNode read(String text) {
    try {
      return json.readValue(text, ObjectNode.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A stored column does not parse", e);
    }
  }

  private static DataFile file(Tuple row) {
    return new DataFile(
        row.get("path", String.class),
        digest(row.get("sha256", String.class)),
        row.get("size", Long.class),
        row.get("media_type", String.class),
        row.get("role", String.class),
        row.get("tokens", Long.class),
        row.get("documents", Long.class),
        row.get("location", String.class),
        row.get("withheld_reason", String.class));
  }

  private static @Nullable Sha256 digest(@Nullable String hex) {
    return hex == null ? null : new Sha256(hex);
  }
}
