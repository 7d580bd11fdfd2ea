package org.cairn.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.cairn.platform.CanonicalJson;
import org.jspecify.annotations.Nullable;

/**
 * The canonical manifest of a sealed checkpoint: everything that the catalogue knows of it, of the
 * segment that saved it and of the run it belongs to, so that losing the catalogue loses no sealed
 * checkpoint. Written in RFC 8785 form; documented in docs/storage-layout.md.
 */
final class CheckpointManifest {

  static final String FORMAT = "cairn.checkpoint/1";

  private CheckpointManifest() {}

  /** What a manifest is made of. */
  record Content(
      JsonNode project,
      JsonNode run,
      @Nullable JsonNode segment,
      CheckpointRow checkpoint,
      List<String> labels,
      JsonNode parents,
      List<FileRequest> files,
      Instant sealedAt) {}

  static byte[] bytes(ObjectMapper json, Content content) {
    return CanonicalJson.bytes(document(json, content));
  }

  private static ObjectNode document(ObjectMapper json, Content content) {
    var row = content.checkpoint();
    var checkpoint = json.createObjectNode();
    checkpoint.put("id", row.id().toString());
    checkpoint.put("stage", row.stage());
    checkpoint.put("branch", row.branch());
    checkpoint.put("step", row.step());
    checkpoint.put("position", row.position());
    checkpoint.put("tokens", row.tokens());
    checkpoint.put("sequences", row.sequences());
    checkpoint.put("totalTokens", row.totalTokens());
    var claimed = checkpoint.putObject("claimed");
    claimed.put("tokens", row.claimedTokens());
    claimed.put("sequences", row.claimedSequences());
    checkpoint.put("kind", Wire.name(row.kind()));
    checkpoint.put("weightsKind", Wire.name(row.weightsKind()));
    checkpoint.set("components", json.valueToTree(row.components()));
    checkpoint.set("representations", row.representations());
    checkpoint.put("label", row.label());
    checkpoint.set("labels", json.valueToTree(content.labels().stream().sorted().toList()));
    checkpoint.put("takenAt", row.takenAt() == null ? null : row.takenAt().toString());
    checkpoint.put("createdAt", row.createdAt().toString());
    checkpoint.put("sealedAt", content.sealedAt().toString());
    checkpoint.put("weightsDigest", row.weightsDigest() == null ? null : row.weightsDigest().hex());
    checkpoint.set("parents", content.parents());
    checkpoint.set("metadata", row.metadata());
    var files = checkpoint.putArray("files");
    content.files().stream()
        .sorted(Comparator.comparing(FileRequest::path))
        .forEach(file -> {
          var entry = files.addObject();
          entry.put("path", file.path());
          entry.put("sha256", file.sha256().hex());
          entry.put("size", file.size());
          entry.put("role", file.role() == null ? null : Wire.name(file.role()));
          entry.put("mediaType", file.mediaType());
          entry.put("representation", file.representation());
        });
    var document = json.createObjectNode();
    document.put("format", FORMAT);
    document.set("project", content.project());
    document.set("run", content.run());
    document.set("segment", content.segment());
    document.set("checkpoint", checkpoint);
    return document;
  }
}
