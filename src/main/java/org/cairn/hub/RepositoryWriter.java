package org.cairn.hub;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.cairn.platform.FileEntry;
import org.jspecify.annotations.Nullable;

/** Writes what clients are told of a repository. */
final class RepositoryWriter {

  private RepositoryWriter() {}

  /** As it stands in a list. */
  static void write(JsonGenerator json, HubRepo repository) throws IOException {
    json.writeStartObject();
    card(json, repository);
    json.writeStringField("lastModified", HubTime.of(repository.card().updatedAt()));
    json.writeEndObject();
  }

  /** A revision. */
  static void write(JsonGenerator json, RepositoryInfo.Info info) throws IOException {
    var revision = info.revision();
    var parameters = info.parameters();
    json.writeStartObject();
    card(json, revision.repository());
    json.writeStringField("sha", revision.commit());
    json.writeStringField("lastModified", HubTime.of(revision.date()));
    if (!parameters.isEmpty()) {
      json.writeObjectFieldStart("safetensors");
      json.writeObjectField("parameters", parameters);
      json.writeNumberField("total", parameters.values().stream().mapToLong(Long::longValue).sum());
      json.writeEndObject();
    }
    if (info.config() != null) {
      json.writeObjectField("config", info.config());
    }
    if (info.usedStorage() != null) {
      json.writeNumberField("usedStorage", info.usedStorage());
    }
    if (info.files() != null) {
      siblings(json, info.files(), info.blobs());
    }
    json.writeEndObject();
  }

  private static void siblings(JsonGenerator json, FilePages files, boolean blobs)
      throws IOException {
    json.writeArrayFieldStart("siblings");
    while (files.hasNext()) {
      sibling(json, files.next(), blobs);
    }
    json.writeEndArray();
  }

  private static void card(JsonGenerator json, HubRepo repository) throws IOException {
    var card = repository.card();
    json.writeStringField("_id", card.id().toString());
    json.writeStringField("id", repository.id());
    if (repository.kind() == RepositoryKind.MODEL) {
      json.writeStringField("modelId", repository.id());
      text(json, "pipeline_tag", card.metadata().path("pipeline_tag").textValue());
      text(json, "library_name", card.metadata().path("library_name").textValue());
    } else {
      text(json, "citation", card.citation());
    }
    text(json, "description", card.description());
    json.writeStringField("author", card.project());
    json.writeBooleanField("private", card.isPrivate());
    json.writeBooleanField("gated", false);
    json.writeBooleanField("disabled", false);
    json.writeNumberField("downloads", 0);
    json.writeNumberField("likes", 0);
    json.writeArrayFieldStart("tags");
    for (var tag : card.tags()) {
      json.writeString(tag);
    }
    json.writeEndArray();
    json.writeStringField("createdAt", HubTime.of(card.createdAt()));
  }

  private static void sibling(JsonGenerator json, FileEntry file, boolean blobs)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("rfilename", file.path());
    if (blobs) {
      var pointer = LfsPointer.of(file);
      json.writeNumberField("size", file.size());
      json.writeStringField("blobId", pointer.oid());
      json.writeObjectFieldStart("lfs");
      json.writeStringField("sha256", file.sha256().hex());
      json.writeNumberField("size", file.size());
      json.writeNumberField("pointerSize", pointer.size());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void text(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }
}
