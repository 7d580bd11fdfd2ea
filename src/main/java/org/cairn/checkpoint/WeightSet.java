package org.cairn.checkpoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.cairn.platform.FileRoles;
import org.cairn.platform.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * All weights of a checkpoint in one layout: one file, or shards with or without their index.
 *
 * @param representation empty for the published one
 * @param index path of the shard index, if there is one
 * @param files in the order of their paths
 * @param missing files that the index names and that are not there
 */
record WeightSet(
    String representation, @Nullable String index, List<FileRequest> files, List<String> missing) {

  private static final Pattern SHARD = Pattern.compile("(.*?)-?\\d{1,6}-of-\\d{1,6}\\.safetensors");

  /** Names that clients look for first. */
  private static final List<String> USUAL =
      List.of("model", "consolidated", "pytorch_model", "weights");

  /** The digests of the files. */
  List<Sha256> digests() {
    return files.stream().map(FileRequest::sha256).toList();
  }

  /** What a person would call it. */
  String path() {
    return index != null ? index : files.getFirst().path();
  }

  static boolean isSafetensors(FileRequest file) {
    return file.path().endsWith(".safetensors");
  }

  static boolean isIndex(FileRequest file) {
    return file.path().endsWith(".safetensors.index.json");
  }

  /**
   * The layouts of a checkpoint, the one that its weightsDigest is of first: the published
   * representation before others, fewer folders before more, a name that clients look for before
   * others, a single file before shards.
   *
   * @param indexes the shard indexes that could be read, by path
   */
  static List<WeightSet> of(Collection<FileRequest> files, Map<String, ShardIndex> indexes) {
    var weights = new TreeMap<String, FileRequest>();
    for (var file : files) {
      if (isSafetensors(file) && file.role() == FileRole.WEIGHTS) {
        weights.put(file.path(), file);
      }
    }
    var sets = new ArrayList<WeightSet>();
    var indexed = new LinkedHashSet<String>();
    for (var file : files) {
      var index = indexes.get(file.path());
      if (index != null) {
        sets.add(indexed(file, index, weights, indexed));
      }
    }
    weights.keySet().removeAll(indexed);
    var stems =
        weights.values().stream()
            .collect(
                Collectors.groupingBy(
                    WeightSet::stem, LinkedHashMap::new, Collectors.toUnmodifiableList()));
    stems
        .values()
        .forEach(shards ->
            sets.add(new WeightSet(representation(shards.getFirst()), null, shards, List.of())));
    sets.sort(
        Comparator.comparing((WeightSet set) -> set.representation())
            .thenComparingLong(set -> set.path().chars().filter(c -> c == '/').count())
            .thenComparingInt(set -> usualness(set.path()))
            .thenComparingInt(set -> set.files().size())
            .thenComparing(set -> set.path()));
    return sets;
  }

  private static WeightSet indexed(
      FileRequest file,
      ShardIndex index,
      Map<String, FileRequest> weights,
      Collection<String> indexed) {
    var folder = folder(file.path());
    var shards = new ArrayList<FileRequest>();
    var missing = new ArrayList<String>();
    for (var name : new TreeSet<>(index.weightMap().values())) {
      var shard = weights.get(folder + name);
      if (shard == null) {
        missing.add(folder + name);
      } else {
        shards.add(shard);
        indexed.add(shard.path());
      }
    }
    return new WeightSet(representation(file), file.path(), shards, missing);
  }

  private static String representation(FileRequest file) {
    return Objects.requireNonNullElse(
        file.representation() != null
            ? file.representation()
            : FileRoles.representation(file.path()),
        "");
  }

  /**
   * What files of one layout have in common: shards their name without its number, others their
   * folder, as there are models with a file for each layer.
   */
  private static String stem(FileRequest file) {
    var shard = SHARD.matcher(file.path());
    if (shard.matches()) {
      return shard.group(1);
    }
    return usualness(file.path()) < USUAL.size() ? file.path() : folder(file.path());
  }

  private static String folder(String path) {
    return path.substring(0, path.lastIndexOf('/') + 1);
  }

  private static int usualness(String path) {
    var name = path.substring(path.lastIndexOf('/') + 1);
    for (int i = 0; i < USUAL.size(); i++) {
      if (name.startsWith(USUAL.get(i))) {
        return i;
      }
    }
    return USUAL.size();
  }
}
