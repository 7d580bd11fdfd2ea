package org.cairn.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cairn.artifact.ArtifactReader;
import org.cairn.platform.Sha256;
import org.cairn.tensor.IndexedFile;
import org.cairn.tensor.TensorService;
import org.cairn.tensor.WeightsDigest;
import org.jspecify.annotations.Nullable;

/**
 * What the tensors of a checkpoint come to: its weightsDigest, and what is wrong with its files of
 * weights. Reads from the store, so never to be called in a transaction.
 */
@ApplicationScoped
class CheckpointWeights {

  /** A file of weights is not a safetensors file, though its name says so. */
  static final String MALFORMED = "malformed-safetensors";

  /** A shard index is not what its name says. */
  static final String MALFORMED_INDEX = "malformed-shard-index";

  /** A shard index says something else than the shards. */
  static final String INDEX_MISMATCH = "shard-index-mismatch";

  /** Two layouts of one representation do not hold the same weights. */
  static final String LAYOUTS_DIFFER = "weight-layouts-differ";

  private final TensorService tensors;
  private final ArtifactReader artifacts;
  private final ArchitectureCheck architecture;

  CheckpointWeights(
      TensorService tensors, ArtifactReader artifacts, ArchitectureCheck architecture) {
    this.tensors = tensors;
    this.artifacts = artifacts;
    this.architecture = architecture;
  }

  /** Something that is wrong: a class of findings, the file that it is about, and the evidence. */
  record Fault(String findingClass, String path, JsonNode evidence) {}

  /**
   * @param digest of the primary layout; null where the checkpoint has no safetensors files, or
   *     where they are not whole
   * @param files paths of the files of the primary layout
   */
  record Assessment(@Nullable WeightsDigest digest, List<String> files, List<Fault> faults) {
    static final Assessment NOTHING = new Assessment(null, List.of(), List.of());
  }

  /** Looks at the verified files of a checkpoint. */
  Assessment assess(List<FileRequest> files) {
    var safetensors = files.stream().filter(WeightSet::isSafetensors).toList();
    if (safetensors.isEmpty()) {
      return Assessment.NOTHING;
    }
    var indexed = tensors.files(safetensors.stream().map(FileRequest::sha256).toList());
    var faults = new ArrayList<Fault>();
    for (var file : safetensors) {
      malformed(file, indexed.get(file.sha256())).ifPresent(faults::add);
    }
    var indexes = readIndexes(files, faults);
    var digests = new LinkedHashMap<WeightSet, WeightsDigest>();
    var sets = WeightSet.of(files, indexes);
    for (var set : sets) {
      var digest = digest(set, indexes.get(set.path()), indexed, faults);
      if (digest != null) {
        digests.put(set, digest);
      }
    }
    if (sets.isEmpty()) {
      return new Assessment(null, List.of(), faults);
    }
    var primary = digests.get(sets.getFirst());
    if (primary != null) {
      compareLayouts(sets.getFirst(), primary, digests, faults);
    }
    architecture.check(files, sets.getFirst()).ifPresent(faults::add);
    var paths = sets.getFirst().files().stream().map(FileRequest::path).toList();
    return new Assessment(primary, paths, faults);
  }

  private static Optional<Fault> malformed(FileRequest file, @Nullable IndexedFile indexed) {
    var reason = indexed == null ? "it does not begin with the header of one" : indexed.fault();
    return reason == null
        ? Optional.empty()
        : Optional.of(new Fault(MALFORMED, file.path(), evidence(file).put("reason", reason)));
  }

  private static ObjectNode evidence(FileRequest file) {
    return JsonNodeFactory.instance.objectNode().put("sha256", file.sha256().hex());
  }

  private Map<String, ShardIndex> readIndexes(List<FileRequest> files, List<Fault> faults) {
    var indexes = new HashMap<String, ShardIndex>();
    for (var file : files) {
      if (!WeightSet.isIndex(file)) {
        continue;
      }
      try {
        if (file.size() > ShardIndex.MAX_BYTES) {
          throw new ShardIndex.MalformedException(
              "it has more than the " + ShardIndex.MAX_BYTES + " bytes that are read");
        }
        var bytes = artifacts.read(file.sha256(), ShardIndex.MAX_BYTES);
        indexes.put(file.path(), ShardIndex.parse(bytes));
      } catch (ShardIndex.MalformedException e) {
        faults.add(
            new Fault(MALFORMED_INDEX, file.path(), evidence(file).put("reason", e.getMessage())));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return indexes;
  }

  private @Nullable WeightsDigest digest(
      WeightSet set,
      @Nullable ShardIndex index,
      Map<Sha256, IndexedFile> indexed,
      List<Fault> faults) {
    boolean readable =
        set.digests().stream()
            .map(indexed::get)
            .allMatch(file -> file != null && file.fault() == null);
    // What shards hold that cannot be read nobody knows; that is told elsewhere.
    var check = ShardCheck.of(set, readable ? index : null, tensors.places(set.digests()));
    if (!check.passed()) {
      faults.add(new Fault(INDEX_MISMATCH, set.path(), check.evidence()));
    }
    return readable && check.isWhole() ? tensors.weightsDigest(set.digests()) : null;
  }

  private static void compareLayouts(
      WeightSet first,
      WeightsDigest expected,
      Map<WeightSet, WeightsDigest> digests,
      List<Fault> faults) {
    digests.forEach((set, digest) -> {
      if (!digest.strict().equals(expected.strict())
          && set.representation().equals(first.representation())) {
        faults.add(
            new Fault(
                LAYOUTS_DIFFER,
                set.path(),
                JsonNodeFactory.instance
                    .objectNode()
                    .put("weightsDigest", digest.strict().hex())
                    .put("primary", first.path())
                    .put("weightsDigestOfPrimary", expected.strict().hex())
                    .put("equalUpToSignedZeros", digest.loose().equals(expected.loose()))));
      }
    });
  }
}
