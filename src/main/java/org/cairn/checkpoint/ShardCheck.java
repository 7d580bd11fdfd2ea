package org.cairn.checkpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.cairn.platform.Sha256;
import org.cairn.tensor.TensorService.TensorPlace;
import org.jspecify.annotations.Nullable;

/**
 * Holds the files of one layout against its shard index and against each other.
 *
 * @param missingShards files that the index names and that are not there
 * @param notInShard tensors that the index has in a shard that does not hold them
 * @param notInIndex tensors of the shards that the index does not have in that shard
 * @param twice tensors that more than one file has
 * @param totalSize bytes of all tensors as the index says, where that is wrong
 * @param actualSize bytes of all tensors
 */
record ShardCheck(
    List<String> missingShards,
    Collection<String> notInShard,
    Collection<String> notInIndex,
    Collection<String> twice,
    @Nullable Long totalSize,
    long actualSize) {

  /** Most names of one kind that evidence lists. */
  private static final int SHOWN = 20;

  static ShardCheck of(
      WeightSet set, @Nullable ShardIndex index, Map<Sha256, List<TensorPlace>> places) {
    var shardOf = new HashMap<String, String>();
    var twice = new TreeSet<String>();
    var notInIndex = new TreeSet<String>();
    long size = 0;
    for (var file : set.files()) {
      var name = file.path().substring(file.path().lastIndexOf('/') + 1);
      for (var tensor : places.getOrDefault(file.sha256(), List.of())) {
        size += tensor.size();
        if (shardOf.put(tensor.name(), name) != null) {
          twice.add(tensor.name());
        }
        if (index != null && !name.equals(index.weightMap().get(tensor.name()))) {
          notInIndex.add(tensor.name());
        }
      }
    }
    var notInShard = new TreeSet<String>();
    if (index != null) {
      index
          .weightMap()
          .forEach((tensor, shard) -> {
            if (!shard.equals(shardOf.get(tensor))) {
              notInShard.add(tensor);
            }
          });
    }
    var claimed = index == null ? null : index.totalSize();
    return new ShardCheck(
        set.missing(),
        notInShard,
        notInIndex,
        twice,
        claimed == null || claimed == size ? null : claimed,
        size);
  }

  boolean passed() {
    return missingShards.isEmpty()
        && notInShard.isEmpty()
        && notInIndex.isEmpty()
        && twice.isEmpty()
        && totalSize == null;
  }

  /** Whether it is clear which tensors there are. */
  boolean isWhole() {
    return missingShards.isEmpty() && twice.isEmpty();
  }

  ObjectNode evidence() {
    var evidence = JsonNodeFactory.instance.objectNode();
    list(evidence, "missingShards", missingShards);
    list(evidence, "notInShard", notInShard);
    list(evidence, "notInIndex", notInIndex);
    list(evidence, "inSeveralShards", twice);
    if (totalSize != null) {
      evidence.put("totalSize", totalSize).put("actualSize", actualSize);
    }
    return evidence;
  }

  private static void list(ObjectNode evidence, String field, Collection<String> names) {
    if (!names.isEmpty()) {
      var shown = evidence.putObject(field).put("count", names.size()).putArray("first");
      names.stream().limit(SHOWN).forEach(shown::add);
    }
  }
}
