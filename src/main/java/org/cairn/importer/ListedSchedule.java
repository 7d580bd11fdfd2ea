package org.cairn.importer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cairn.importer.ListedCheckpoint.Counter;

/**
 * Steps that a schedule would have and a listing has not. A gap of a fifth of what is listed or
 * more is a {@code schedule-gap}, as in OLMo-1B between 117,850 and 330,000; smaller ones, and
 * steps between those of the schedule, make a {@code schedule-irregular}.
 */
final class ListedSchedule {

  private static final int GAP_PART = 5;

  /** Fewer steps show no schedule. */
  private static final int FEWEST = 4;

  /** Most gaps, and steps, that are told. */
  private static final int SHOWN = 1_000;

  private ListedSchedule() {}

  private record Gap(long after, long before) {
    long length() {
      return before - after;
    }
  }

  static Stream<Fault> check(Listing listing, Counter counter, List<ListedCheckpoint> checkpoints) {
    var steps = checkpoints.stream().map(ListedCheckpoint::step).distinct().sorted().toList();
    var intervals = new HashMap<Long, Integer>();
    for (int i = 1; i < steps.size(); i++) {
      intervals.merge(steps.get(i) - steps.get(i - 1), 1, Integer::sum);
    }
    var usual = intervals.entrySet().stream().max(Map.Entry.comparingByValue());
    if (steps.size() < FEWEST || usual.orElseThrow().getValue() * 2 < steps.size()) {
      return Stream.empty(); // powers of two, for one
    }
    long interval = usual.get().getKey();
    long extent = steps.getLast() - steps.getFirst();
    var regular = regular(steps);
    var large = new ArrayList<Gap>();
    var small = new ArrayList<Gap>();
    for (int i = 1; i < steps.size(); i++) {
      var gap = new Gap(steps.get(i - 1), steps.get(i));
      if (gap.length() > interval + interval / 2 && !regular.get(i)) {
        (gap.length() >= extent / GAP_PART ? large : small).add(gap);
      }
    }
    // The last step is where training ended.
    var off = new ArrayList<Long>();
    for (int i = 0; i < steps.size() - 1; i++) {
      if (steps.get(i) % interval != 0 && !regular.get(i) && !regular.get(i + 1)) {
        off.add(steps.get(i));
      }
    }
    var found = Stream.<Fault>builder();
    if (!large.isEmpty()) {
      found.add(fault("schedule-gap", listing, counter, interval, large));
    }
    if (!small.isEmpty() || !off.isEmpty()) {
      var fault = fault("schedule-irregular", listing, counter, interval, small);
      var others = fault.evidence().putArray("stepsOffSchedule");
      off.stream().limit(SHOWN).forEach(others::add);
      found.add(fault);
    }
    return found.build();
  }

  /**
   * Which steps lie, with the one before them, among at least {@link #FEWEST} at equal distances,
   * or each twice the one before: a schedule may begin more densely than it goes on. The steps of
   * MultiBERTs are 20,000 apart at first and 100,000 later; those of Pythia begin with the powers
   * of two.
   */
  private static BitSet regular(List<Long> steps) {
    var regular = new BitSet(steps.size());
    int even = 0;
    int doubled = 0;
    for (int i = 1; i < steps.size(); i++) {
      long length = steps.get(i) - steps.get(i - 1);
      if (i - even > 1 && length != steps.get(i - 1) - steps.get(i - 2)) {
        even = i - 1;
      }
      if (length != steps.get(i - 1)) {
        doubled = i;
      }
      if (i - even + 1 >= FEWEST) {
        regular.set(even + 1, i + 1);
      }
      if (i - doubled + 1 >= FEWEST) {
        regular.set(doubled + 1, i + 1);
      }
    }
    return regular;
  }

  private static Fault fault(
      String kind, Listing listing, Counter counter, long interval, List<Gap> gaps) {
    var fault = Fault.of(kind, listing, counter);
    fault.evidence().put("interval", interval);
    gaps.stream()
        .max(Comparator.comparingLong(Gap::length))
        .ifPresent(largest -> put(fault.evidence().putArray("largestGap"), largest));
    var all = fault.evidence().putArray("gaps");
    gaps.stream().limit(SHOWN).forEach(gap -> put(all.addArray(), gap));
    return fault;
  }

  private static void put(ArrayNode array, Gap gap) {
    array.add(gap.after()).add(gap.before());
  }
}
