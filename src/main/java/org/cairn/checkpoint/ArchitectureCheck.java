package org.cairn.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.cairn.artifact.ArtifactReader;
import org.cairn.platform.JsonLimits;
import org.cairn.platform.Sha256;
import org.cairn.tensor.CanonicalNames;
import org.cairn.tensor.TensorService;

/**
 * Holds a {@code config.json} of Transformers against the shapes of the tensors beside it: the
 * model that it describes could not load them where they differ. Only what has a canonical name is
 * compared, so nothing is said of families that are not known.
 */
@ApplicationScoped
class ArchitectureCheck {

  static final String CONTRADICTION = "configuration-contradicts-shapes";

  /** Longest configuration that is read, in bytes: they have a few thousand. */
  private static final int MAX_BYTES = 1 << 20;

  private static final int MAX_NAMES = 200_000;
  private static final ObjectMapper JSON = JsonLimits.mapper();
  private static final Pattern LAYER = Pattern.compile("layers\\.([0-9]+)\\..*");

  /** A field that says how long an axis of a tensor is. */
  private record Extent(String field, String tensor, int axis) {}

  private static final List<Extent> EXTENTS =
      List.of(
          new Extent("vocab_size", "embedding.weight", 0),
          new Extent("hidden_size", "embedding.weight", 1),
          new Extent("vocab_size", "unembedding.weight", 0),
          new Extent("hidden_size", "unembedding.weight", 1),
          new Extent("intermediate_size", "layers.0.mlp.up.weight", 0));

  private final TensorService tensors;
  private final CanonicalNames canonicalNames;
  private final ArtifactReader artifacts;

  ArchitectureCheck(
      TensorService tensors, CanonicalNames canonicalNames, ArtifactReader artifacts) {
    this.tensors = tensors;
    this.canonicalNames = canonicalNames;
    this.artifacts = artifacts;
  }

  /** Looks at the configuration that lies beside the first of the files of a layout. */
  Optional<CheckpointWeights.Fault> check(List<FileRequest> all, WeightSet weights) {
    var path = weights.path();
    var beside = path.substring(0, path.lastIndexOf('/') + 1) + "config.json";
    return all.stream()
        .filter(file -> file.path().equals(beside) && file.size() <= MAX_BYTES)
        .findFirst()
        .flatMap(file -> contradiction(file, weights.digests()));
  }

  private Optional<CheckpointWeights.Fault> contradiction(FileRequest file, List<Sha256> weights) {
    var config = read(file);
    if (!config.path("model_type").isTextual()) {
      return Optional.empty();
    }
    var evidence = JsonNodeFactory.instance.objectNode().put("sha256", file.sha256().hex());
    var contradictions = evidence.putArray("contradictions");
    for (var extent : EXTENTS) {
      compare(config, extent, weights, contradictions);
    }
    compareLayers(config, weights, contradictions);
    return contradictions.isEmpty()
        ? Optional.empty()
        : Optional.of(new CheckpointWeights.Fault(CONTRADICTION, file.path(), evidence));
  }

  private void compare(
      JsonNode config, Extent extent, List<Sha256> weights, ArrayNode contradictions) {
    var configured = config.path(extent.field());
    if (!configured.canConvertToLong()) {
      return;
    }
    for (var tensor : tensors.named(weights, CanonicalNames.PREFIX + extent.tensor())) {
      if (tensor.shape().size() == 2
          && tensor.shape().get(extent.axis()) != configured.longValue()) {
        var shape =
            contradictions
                .addObject()
                .put("field", extent.field())
                .put("configured", configured.longValue())
                .put("tensor", tensor.name())
                .putArray("shape");
        tensor.shape().forEach(shape::add);
      }
    }
  }

  private void compareLayers(JsonNode config, List<Sha256> weights, ArrayNode contradictions) {
    var configured = config.path("num_hidden_layers");
    if (!configured.canConvertToLong()) {
      return;
    }
    long layers =
        tensors.names(weights, null, MAX_NAMES).stream()
            .flatMap(name -> canonicalNames.canonical(name).stream())
            .map(LAYER::matcher)
            .filter(match -> match.matches())
            .mapToLong(match -> Long.parseLong(match.group(1)) + 1)
            .max()
            .orElse(configured.longValue());
    if (layers != configured.longValue()) {
      contradictions
          .addObject()
          .put("field", "num_hidden_layers")
          .put("configured", configured.longValue())
          .put("layersOfTensors", layers);
    }
  }

  private JsonNode read(FileRequest file) {
    try {
      return JSON.readTree(artifacts.read(file.sha256(), MAX_BYTES));
    } catch (JsonProcessingException e) {
      return JsonNodeFactory.instance.missingNode(); // no configuration that a client could read
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
