package org.cairn.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.cairn.checkpoint.CheckpointContentQueries.LabelSpan;
import org.cairn.platform.CanonicalJson;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * The canonical manifest of a sealed checkpoint: all that the catalogue knows of it, and the
 * digests of the documents that tell what it hangs on, so that losing the catalogue loses no sealed
 * checkpoint. Written in RFC 8785 form; documented in docs/storage-layout.md.
 */
final class CheckpointManifest {

  static final String FORMAT = "cairn.checkpoint/1";

  /** Where a manifest names documents. */
  private static final List<String> DOCUMENTS =
      List.of(
          "/project/sha256",
          "/run/sha256",
          "/segment/sha256",
          "/configuration/sha256",
          "/configuration/resolved",
          "/datasetVersion/sha256",
          "/datasetVersion/files");

  private CheckpointManifest() {}

  /** What a manifest is made of; parents have every field, as what is unknown is sealed too. */
  record Content(
      ObjectNode references,
      CheckpointRow checkpoint,
      List<LabelSpan> labels,
      JsonNode parents,
      List<FileRequest> files,
      Instant sealedAt) {}

  static byte[] bytes(ObjectMapper json, Content content) {
    var document = json.createObjectNode();
    document.put("format", FORMAT);
    document.setAll(content.references());
    document.set("checkpoint", checkpoint(json, content));
    document.set("exactNumbers", CanonicalJson.exactNumbers(document));
    return CanonicalJson.bytes(document);
  }

  /** The digests of the documents that a manifest names. */
  static List<Sha256> documents(JsonNode manifest) {
    var named = new ArrayList<Sha256>();
    for (var pointer : DOCUMENTS) {
      var digest = manifest.at(pointer);
      if (digest.isTextual()) {
        named.add(new Sha256(digest.textValue()));
      }
    }
    return named;
  }

  private static ObjectNode checkpoint(ObjectMapper json, Content content) {
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
    checkpoint
        .putObject("claimed")
        .put("tokens", row.claimedTokens())
        .put("sequences", row.claimedSequences());
    checkpoint.put("kind", Wire.name(row.kind()));
    checkpoint.put("weightsKind", Wire.name(row.weightsKind()));
    checkpoint.set("components", json.valueToTree(row.components()));
    checkpoint.set("representations", row.representations());
    checkpoint.put("label", row.label());
    var labels = checkpoint.putArray("labels");
    content
        .labels()
        .forEach(label ->
            labels
                .addObject()
                .put("label", label.label())
                .put("assignedAt", label.assignedAt().toString())
                .put("retiredAt", text(label.retiredAt())));
    checkpoint.put("takenAt", text(row.takenAt()));
    checkpoint.put("createdAt", row.createdAt().toString());
    checkpoint.put("sealedAt", content.sealedAt().toString());
    checkpoint.put("weightsDigest", text(row.weightsDigest()));
    checkpoint.put("looseWeightsDigest", text(row.looseWeightsDigest()));
    checkpoint.set("parents", content.parents());
    checkpoint.set("metadata", row.metadata());
    var files = checkpoint.putArray("files");
    content.files().stream()
        .sorted(Comparator.comparing(FileRequest::path))
        .forEach(file ->
            files
                .addObject()
                .put("path", file.path())
                .put("sha256", file.sha256().hex())
                .put("size", file.size())
                .put("role", file.role() == null ? null : Wire.name(file.role()))
                .put("mediaType", file.mediaType())
                .put("representation", file.representation()));
    return checkpoint;
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}
