package org.cairn.artifact;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;
import org.cairn.artifact.ScrubRepository.Counts;

/** What monitoring is told of stored objects. */
@Singleton
class ScrubMeters {

  private final AtomicLong artifacts = new AtomicLong();
  private final AtomicLong others = new AtomicLong();
  private final Counter objects;
  private final Counter bytes;

  ScrubMeters(MeterRegistry meters) {
    Gauge.builder("cairn.artifacts.damaged", artifacts, AtomicLong::get)
        .description("Artifacts whose stored bytes are damaged and are not served")
        .register(meters);
    Gauge.builder("cairn.objects.damaged", others, AtomicLong::get)
        .description("Damaged objects that are no artifacts, such as documents")
        .register(meters);
    this.objects =
        Counter.builder("cairn.scrub.objects")
            .description("Stored objects that were read again")
            .register(meters);
    this.bytes =
        Counter.builder("cairn.scrub.bytes")
            .description("Bytes of stored objects that were read again")
            .baseUnit("bytes")
            .register(meters);
  }

  void read(long length) {
    objects.increment();
    bytes.increment((double) length);
  }

  void damaged(Counts counts) {
    artifacts.set(counts.artifacts());
    others.set(counts.others());
  }
}
