package org.cairn.importer;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.cairn.importer.ListedCheckpoint.Counter;
import org.cairn.platform.ParsedLabel;

/**
 * Addresses that name another step than their lines do: of OLMo-2-1124-13B the line of step 11931
 * points to step11000. Where all lines of a counter are off by the same, its steps go on from those
 * of a parent.
 */
final class AddressedSteps {

  private AddressedSteps() {}

  static Optional<Fault> check(
      Listing listing, Counter counter, List<ListedCheckpoint> checkpoints) {
    var fault = Fault.of("step-uri-mismatch", listing, counter);
    var rows = fault.evidence().putArray("rows");
    var offsets = new TreeSet<Long>();
    int addressed = 0;
    for (var one : checkpoints) {
      var step =
          one.addressed()
              .filter(said -> said.merged().isEmpty())
              .filter(said -> said.counts() == ParsedLabel.Counts.UPDATES)
              .map(ParsedLabel::step)
              .orElse(null);
      if (step == null) {
        continue;
      }
      addressed++;
      if (step != one.step()) {
        offsets.add(step - one.step());
        rows.addObject()
            .put("line", one.line())
            .put("step", one.step())
            .put("stepOfAddress", step)
            .put("address", one.address());
      }
    }
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    if (rows.size() == addressed && addressed > 1 && offsets.size() == 1) {
      fault.evidence().put("constantOffset", offsets.first());
    }
    return Optional.of(fault);
  }
}
