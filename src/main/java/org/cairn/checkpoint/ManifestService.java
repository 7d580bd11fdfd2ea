package org.cairn.checkpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.cairn.access.ReadScope;
import org.cairn.platform.Sha256;
import org.cairn.run.Document;
import org.cairn.run.ParentEdges;
import org.cairn.run.RunDocuments;
import org.cairn.run.RunRef;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/**
 * Makes manifests, and keeps the documents that they name until the object store has them. Most
 * checkpoints of a run name the same documents: each is written down and stored once.
 */
@ApplicationScoped
class ManifestService {

  private final RunDocuments documents;
  private final CheckpointQueries queries;
  private final CheckpointContentQueries contents;
  private final ParentEdges parents;
  private final Session session;
  private final ObjectMapper json;

  ManifestService(
      RunDocuments documents,
      CheckpointQueries queries,
      CheckpointContentQueries contents,
      ParentEdges parents,
      Session session,
      ObjectMapper json) {
    this.documents = documents;
    this.queries = queries;
    this.contents = contents;
    this.parents = parents;
    this.session = session;
    // That something was not known is a part of what is sealed.
    this.json = json.copy().setDefaultPropertyInclusion(JsonInclude.Include.ALWAYS);
  }

  /** The manifest of a checkpoint as it is now; what it names is kept in the same transaction. */
  @Transactional(TxType.MANDATORY)
  byte[] manifest(RunRef run, UUID id, List<FileRequest> files, Instant sealedAt) {
    var row = queries.byIds(List.of(id)).getFirst();
    var around = documents.around(run, row.segmentName());
    keep(around.documents());
    return CheckpointManifest.bytes(
        json,
        new CheckpointManifest.Content(
            around.references(),
            row,
            contents.labelSpans(id),
            json.valueToTree(
                parents
                    .ofCheckpoints(List.of(id), ReadScope.EVERYTHING)
                    .getOrDefault(id, List.of())),
            files,
            sealedAt));
  }

  /** Those documents of a manifest that the store may not have yet. */
  @Transactional
  Map<Sha256, byte[]> unstored(String manifest) {
    var contents = new LinkedHashMap<Sha256, byte[]>();
    session
        .createNativeQuery(
            """
            select sha256, content from document
            where sha256 = any (:digests) and content is not null order by sha256
            """,
            Object[].class)
        .setParameter("digests", hex(named(manifest)))
        .getResultList()
        .forEach(row ->
            contents.put(
                new Sha256((String) row[0]), ((String) row[1]).getBytes(StandardCharsets.UTF_8)));
    return contents;
  }

  /** The store has these: they need not be kept any longer. */
  @Transactional
  void stored(Collection<Sha256> digests) {
    session
        .createNativeMutationQuery(
            "update document set content = null where sha256 = any (:digests)")
        .setParameter("digests", hex(digests))
        .executeUpdate();
  }

  /** A manifest that may be in the store, and will never be that of a checkpoint. */
  @Transactional(TxType.MANDATORY)
  void abandon(@Nullable String digest, Instant now) {
    if (digest != null) {
      session
          .createNativeMutationQuery(
              "insert into abandoned_manifest (sha256, abandoned_at) values (:digest, :now) on conflict do nothing")
          .setParameter("digest", digest)
          .setParameter("now", now)
          .executeUpdate();
    }
  }

  private void keep(List<Document> named) {
    var known =
        session
            .createNativeQuery(
                "select sha256 from document where sha256 = any (:digests)", String.class)
            .setParameter("digests", hex(named.stream().map(Document::sha256).toList()))
            .getResultList();
    var fresh = new ArrayList<>(named);
    fresh.removeIf(document -> known.contains(document.sha256().hex()));
    // Two sealings that name the same new documents must not wait for each other.
    fresh.sort(Comparator.comparing(document -> document.sha256().hex()));
    if (fresh.isEmpty()) {
      return;
    }
    session
        .createNativeMutationQuery(
            """
            insert into document (sha256, content)
            select * from unnest(cast(:digests as text[]), cast(:contents as text[]))
            on conflict do nothing
            """)
        .setParameter("digests", hex(fresh.stream().map(Document::sha256).toList()))
        .setParameter(
            "contents",
            fresh.stream()
                .map(document -> new String(document.bytes().get(), StandardCharsets.UTF_8))
                .toArray(String[]::new))
        .executeUpdate();
  }

  private List<Sha256> named(String manifest) {
    try {
      return CheckpointManifest.documents(json.readTree(manifest));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A manifest does not parse", e);
    }
  }

  private static String[] hex(Collection<Sha256> digests) {
    return digests.stream().map(Sha256::hex).toArray(String[]::new);
  }
}
