package org.cairn.checkpoint;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cairn.api.PageToken;
import org.cairn.api.PageView;
import org.cairn.api.RegistryException;
import org.cairn.platform.Sha256;
import org.cairn.run.RunService;
import org.cairn.tensor.CanonicalNames;
import org.cairn.tensor.StatisticsView;
import org.cairn.tensor.StoredTensor;
import org.cairn.tensor.TensorService;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The tensors of checkpoints: of their weights, or of one file such as an optimizer's. */
@ApplicationScoped
class CheckpointTensorService {

  private final RunService runs;
  private final CheckpointReader reader;
  private final CheckpointContentQueries contents;
  private final WeightFiles weights;
  private final TensorService tensors;
  private final CanonicalNames canonicalNames;

  CheckpointTensorService(
      RunService runs,
      CheckpointReader reader,
      CheckpointContentQueries contents,
      WeightFiles weights,
      TensorService tensors,
      CanonicalNames canonicalNames) {
    this.runs = runs;
    this.reader = reader;
    this.contents = contents;
    this.weights = weights;
    this.tensors = tensors;
    this.canonicalNames = canonicalNames;
  }

  /** A tensor of a checkpoint. */
  @Schema(name = "Tensor")
  record TensorView(
      String name,
      @Schema(
              description =
                  "What families of models call the same thing, such as layers.0.attention.query.weight; can be asked for like name")
          @Nullable String canonicalName,
      @Schema(description = "As safetensors spells it, such as BF16") String dtype,
      List<Long> shape,
      @Schema(description = "In bytes") long size,
      @Schema(description = "Of its bytes") Sha256 sha256,
      @Schema(description = "File of the checkpoint that it is in") String file,
      @Schema(description = "Offset in that file") long firstByte,
      @Schema(description = "Null for types without an order")
          @Nullable StatisticsView statistics) {

    static TensorView of(StoredTensor tensor, @Nullable String canonicalName, String file) {
      return new TensorView(
          tensor.name(),
          canonicalName,
          tensor.dtype(),
          tensor.shape(),
          tensor.size(),
          tensor.sha256(),
          file,
          tensor.firstByte(),
          StatisticsView.of(tensor.statistics()));
    }
  }

  @Transactional
  PageView<TensorView> list(
      String project,
      String run,
      String ref,
      @Nullable String file,
      @Nullable String pageToken,
      int size) {
    var paths = paths(row(project, run, ref), file);
    var after = PageToken.parse(pageToken, 2);
    var rows =
        tensors.page(
            paths.keySet(),
            after == null ? "" : after.key().get(0),
            after == null ? "" : after.key().get(1),
            size + 1);
    return PageView.of(
        rows,
        size,
        tensor ->
            TensorView.of(
                tensor,
                canonicalNames.canonical(tensor.name()).orElse(null),
                Objects.requireNonNull(paths.get(tensor.file()))),
        tensor -> new PageToken(List.of(tensor.name(), tensor.file().hex())));
  }

  /** A tensor, and whether its address always has these bytes. */
  record Found(StoredTensor tensor, boolean sealed) {}

  @Transactional
  Found get(String project, String run, String ref, @Nullable String file, String name) {
    var row = row(project, run, ref);
    var found = tensors.named(paths(row, file).keySet(), name);
    if (found.isEmpty()) {
      throw RegistryException.notFound("tensor", name + " in checkpoint " + row.label());
    }
    return new Found(found.getFirst(), row.state() == CheckpointState.SEALED);
  }

  private CheckpointRow row(String project, String run, String ref) {
    return reader.get(runs.ref(project, run), ref);
  }

  /** The path of each file that is looked at, by digest. */
  private Map<Sha256, String> paths(CheckpointRow row, @Nullable String file) {
    var paths = new HashMap<Sha256, String>();
    if (file != null) {
      var found =
          contents
              .file(row.id(), file)
              .orElseThrow(
                  () -> RegistryException.notFound("file", file + " in checkpoint " + row.label()));
      paths.put(found.sha256(), file);
    } else {
      weights
          .of(List.of(row))
          .getOrDefault(row.id(), List.of())
          .forEach(one -> paths.putIfAbsent(one.sha256(), one.path()));
    }
    return paths;
  }
}
