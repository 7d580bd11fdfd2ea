package org.cairn.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LeaseWatchTest {

  private static final UUID JOB = UUID.randomUUID();
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final LeaseWatch watch = new LeaseWatch(Duration.ofSeconds(1), Duration.ofMinutes(1));

  private static HeldLease lease(String until, boolean ended) {
    return new HeldLease(JOB, "a", until, ended);
  }

  private boolean isSilent(HeldLease lease, long second) {
    return !watch.silent(List.of(lease), second * SECOND).isEmpty();
  }

  @Test
  void aLeaseThatEndedAndIsNotRenewedIsOfASilentRunner() {
    assertThat(isSilent(lease("1", true), 0)).isFalse();
    assertThat(watch.suspects()).isTrue();
    assertThat(isSilent(lease("1", true), 1)).isFalse();
    assertThat(isSilent(lease("1", true), 3)).isTrue();
  }

  /** The clock was set forward: every lease has ended, and is renewed all the same. */
  @Test
  void aRunnerThatRenewsIsNotSilent() {
    for (int second = 0; second < 100; second++) {
      assertThat(isSilent(lease(String.valueOf(second), true), second)).isFalse();
    }
  }

  /** The clock was set back: the lease of a dead runner would last for hours. */
  @Test
  void aLeaseThatStaysTheSameForItsLifeIsOfASilentRunner() {
    assertThat(isSilent(lease("1", false), 0)).isFalse();
    assertThat(isSilent(lease("1", false), 59)).isFalse();
    assertThat(isSilent(lease("1", false), 61)).isTrue();
  }

  @Test
  void nothingIsConcludedFromATimeInWhichNobodyCouldRenew() {
    assertThat(isSilent(lease("1", true), 0)).isFalse();
    watch.forget();
    assertThat(isSilent(lease("1", true), 600)).isFalse();
    assertThat(isSilent(lease("2", false), 601)).isFalse();
  }
}
