package org.cairn.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.cairn.api.RegistryException;
import org.cairn.artifact.ArtifactReader;
import org.cairn.platform.FileEntry;
import org.cairn.platform.JsonLimits;
import org.cairn.platform.Sha256;
import org.cairn.storage.ObjectStoreException;
import org.jspecify.annotations.Nullable;

/**
 * What the Hub tells of a model's own configuration: some fields of the files that transformers
 * reads first. The checkpoints of a trajectory mostly share these files, so what was read is kept.
 */
@ApplicationScoped
class ModelConfig {

  private static final String MODEL = "config.json";
  private static final String TOKENIZER = "tokenizer_config.json";

  /** Longest file that is read, in bytes: they have a few thousand. */
  private static final int MAX_BYTES = 1 << 20;

  /** How many files are remembered, and the longest one that is. */
  private static final int KEPT = 500;

  private static final int KEPT_BYTES = 64 << 10;

  private static final List<String> MODEL_FIELDS =
      List.of("architectures", "model_type", "auto_map", "quantization_config");
  private static final ObjectMapper JSON = JsonLimits.mapper();

  private final ArtifactReader artifacts;
  private final Map<Key, ObjectNode> kept = Collections.synchronizedMap(new Newest());

  ModelConfig(ArtifactReader artifacts) {
    this.artifacts = artifacts;
  }

  /** A content under a name: of which fields there is something to tell, the name decides. */
  private record Key(String path, Sha256 sha256) {}

  @SuppressWarnings("serial") // is never serialized
  private static final class Newest extends LinkedHashMap<Key, ObjectNode> {
    Newest() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Key, ObjectNode> eldest) {
      return size() > KEPT;
    }
  }

  /** What there is to tell; null where there is nothing. */
  @Nullable ObjectNode of(Revision revision) {
    var told = JsonNodeFactory.instance.objectNode();
    var files = new ArrayList<>(revision.files().files(List.of(MODEL, TOKENIZER)));
    files.sort(Comparator.comparing(FileEntry::path)); // equal answers are equal byte for byte
    for (var file : files) {
      var fields = fields(file).orElseGet(JsonNodeFactory.instance::objectNode);
      if (file.path().equals(MODEL)) {
        told.setAll(fields);
      } else if (!fields.isEmpty()) {
        told.set("tokenizer_config", fields);
      }
    }
    return told.isEmpty() ? null : told;
  }

  private Optional<ObjectNode> fields(FileEntry file) {
    if (file.size() > MAX_BYTES) {
      return Optional.empty();
    }
    var key = new Key(file.path(), file.sha256());
    var known = kept.get(key);
    if (known != null) {
      return Optional.of(known);
    }
    try {
      var fields = fields(file.path(), artifacts.read(file.sha256(), MAX_BYTES));
      if (file.size() <= KEPT_BYTES) {
        kept.put(key, fields);
      }
      return Optional.of(fields);
    } catch (RegistryException | ObjectStoreException e) {
      // Bytes that have not arrived, or a store that is away: everything else can still be told.
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode fields(String path, byte[] bytes) throws IOException {
    Predicate<String> told = path.equals(MODEL) ? MODEL_FIELDS::contains : ModelConfig::isOfTokens;
    var fields = JsonNodeFactory.instance.objectNode();
    try {
      JSON.readTree(bytes).properties().stream()
          .filter(field -> told.test(field.getKey()))
          .forEach(field -> fields.set(field.getKey(), field.getValue()));
    } catch (JsonProcessingException e) {
      return fields; // no configuration that a client could read
    }
    return fields;
  }

  private static boolean isOfTokens(String field) {
    return field.endsWith("_token")
        || field.equals("chat_template")
        || field.equals("tokenizer_class");
  }
}
