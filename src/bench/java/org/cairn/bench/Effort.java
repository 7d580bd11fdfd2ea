package org.cairn.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Processor time for each GiB of a transfer, in each of the processes that take part. */
final class Effort {

  private final String name;
  private final long bytes;
  private final List<Meter.Measured> rounds = new ArrayList<>();

  Effort(String name, long bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  /** Takes the processor time of a round and answers its rate in MiB/s. */
  double add(Meter.Measured round) {
    rounds.add(round);
    return round.rate(bytes);
  }

  boolean isEmpty() {
    return rounds.isEmpty();
  }

  String name() {
    return name;
  }

  /** Median of the seconds for each GiB. */
  double median(ToDoubleFunction<Meter.Measured> process) {
    var values = rounds.stream().map(r -> process.applyAsDouble(r) / bytes * (1 << 30)).toList();
    return Spread.of(values).median();
  }
}
