package org.cairn.trajectory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Checkpoints that follow each other, by their places in the order of training. In a run branches,
 * and raw and averaged weights, alternate; each is looked at for itself.
 */
final class Chains {

  private final List<List<Integer>> all;
  private final int[] chainOf;

  private Chains(List<List<Integer>> all, int[] chainOf) {
    this.all = all;
    this.chainOf = chainOf;
  }

  /**
   * @param common what the checkpoints of a chain have in common
   */
  static Chains of(
      List<ExaminedCheckpoint> checkpoints, Function<ExaminedCheckpoint, Object> common) {
    Map<Object, Integer> chains = new LinkedHashMap<>();
    var all = new ArrayList<List<Integer>>();
    var chainOf = new int[checkpoints.size()];
    for (int i = 0; i < chainOf.length; i++) {
      chainOf[i] = chains.computeIfAbsent(common.apply(checkpoints.get(i)), key -> chains.size());
      if (chainOf[i] == all.size()) {
        all.add(new ArrayList<>());
      }
      all.get(chainOf[i]).add(i);
    }
    return new Chains(all, chainOf);
  }

  List<List<Integer>> all() {
    return all;
  }

  /** A tensor through time, along each chain that has it. */
  Collection<List<TensorAt>> split(List<TensorAt> through) {
    Map<Integer, List<TensorAt>> split = new TreeMap<>();
    for (var at : through) {
      split.computeIfAbsent(chainOf[at.checkpoint()], chain -> new ArrayList<>()).add(at);
    }
    return split.values();
  }
}
