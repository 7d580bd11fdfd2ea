package org.cairn.artifact;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.TreeSet;
import org.cairn.api.Problem;
import org.cairn.api.ProblemType;
import org.cairn.api.RegistryException;
import org.cairn.storage.PartInfo;

/**
 * Compares what arrived with what was announced.
 *
 * @param faults one for each part that is missing, of the wrong size, or too many
 */
record PartCheck(List<Fault> faults) {

  /** Most parts named in a problem. */
  private static final int SHOWN = 100;

  record Fault(int number, String message) {
    @Override
    public String toString() {
      return "part " + number + " " + message;
    }
  }

  static PartCheck of(PartPlan plan, List<PartInfo> arrived) {
    var bySize = new HashMap<Integer, Long>();
    arrived.forEach(part -> bySize.put(part.number(), part.size()));
    var faults = new ArrayList<Fault>();
    for (int number = 1; number <= plan.partCount(); number++) {
      var size = bySize.remove(number);
      var expected = plan.sizeOf(number);
      if (size == null && expected > 0) {
        faults.add(new Fault(number, "is missing"));
      } else if (size != null && size != expected) {
        faults.add(new Fault(number, "has " + size + " bytes instead of " + expected));
      }
    }
    for (var number : new TreeSet<>(bySize.keySet())) {
      faults.add(new Fault(number, "is one too many: there are " + plan.partCount()));
    }
    return new PartCheck(List.copyOf(faults));
  }

  boolean passed() {
    return faults.isEmpty();
  }

  /** Numbers of the parts to send again. */
  List<Integer> toSend(PartPlan plan) {
    return faults.stream().map(Fault::number).filter(plan::has).toList();
  }

  String describe() {
    var shown = faults.stream().limit(SHOWN).map(Fault::toString).collect(joining("; "));
    var rest = faults.size() - SHOWN;
    return rest > 0 ? shown + "; and " + rest + " more" : shown;
  }

  RegistryException problem() {
    return new RegistryException(
        ProblemType.UPLOAD_MISMATCH,
        "What arrived is not what was announced: " + describe(),
        faults.stream()
            .limit(SHOWN)
            .map(fault -> new Problem.Violation("parts[" + fault.number() + "]", fault.message()))
            .toList());
  }
}
