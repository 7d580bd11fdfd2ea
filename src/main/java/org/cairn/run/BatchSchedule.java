package org.cairn.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.function.ToLongFunction;
import org.cairn.api.RegistryException;
import org.jspecify.annotations.Nullable;

/**
 * How many sequences of which length each step of a counter reads. Exact to the last token: all
 * sums are of 64-bit integers, and one that does not fit is refused rather than wrapped.
 *
 * <p>{@code tokens(n)} is what was read once n steps were taken, so it sums steps 0 to n - 1.
 */
public record BatchSchedule(@JsonValue List<BatchPoint> points) {

  /** Most points of a schedule. */
  public static final int MAX_POINTS = 10_000;

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public BatchSchedule {
    points = List.copyOf(points);
    check("batchSchedule", points);
  }

  /** A schedule of these points, or null for none; a fault is told as one of {@code field}. */
  public static @Nullable BatchSchedule of(String field, @Nullable List<BatchPoint> points) {
    if (points == null) {
      return null;
    }
    check(field, points);
    return new BatchSchedule(points);
  }

  /** Whether the batch is known from {@code step} on. */
  public boolean covers(long step) {
    return points.getFirst().fromStep() <= step;
  }

  /** Whether {@code other} says the same of every step before {@code step}. */
  public boolean agreesBefore(long step, @Nullable BatchSchedule other) {
    return before(step).equals(other == null ? List.of() : other.before(step));
  }

  /** Sequences read by steps 0 to {@code step} - 1; the schedule must cover step 0. */
  public long sequences(long step) {
    return sequences(0, step);
  }

  /** Tokens read by steps 0 to {@code step} - 1; the schedule must cover step 0. */
  public long tokens(long step) {
    return tokens(0, step);
  }

  /** Sequences read by steps {@code from} to {@code to} - 1; the schedule must cover from. */
  public long sequences(long from, long to) {
    return sum(from, to, BatchPoint::sequencesPerStep, "sequences");
  }

  /** Tokens read by steps {@code from} to {@code to} - 1; the schedule must cover from. */
  public long tokens(long from, long to) {
    return sum(
        from,
        to,
        point -> Math.multiplyExact(point.sequencesPerStep(), point.sequenceLength()),
        "tokens");
  }

  private long sum(long from, long to, ToLongFunction<BatchPoint> perStep, String unit) {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("no steps: " + from + " to " + to);
    }
    if (from < to && !covers(from)) {
      throw new IllegalArgumentException("the schedule does not say what step " + from + " reads");
    }
    try {
      long total = 0;
      for (int i = 0; i < points.size(); i++) {
        var first = Math.max(from, points.get(i).fromStep());
        var end = i + 1 == points.size() ? to : Math.min(to, points.get(i + 1).fromStep());
        if (first < end) {
          total =
              Math.addExact(
                  total, Math.multiplyExact(end - first, perStep.applyAsLong(points.get(i))));
        }
      }
      return total;
    } catch (ArithmeticException e) {
      throw tooMany("step", unit, to);
    }
  }

  static RegistryException tooMany(String field, String unit, long step) {
    return RegistryException.invalid(
        field, "the count of " + unit + " at step " + step + " does not fit into 64 bits");
  }

  private List<BatchPoint> before(long step) {
    return points.stream().filter(point -> point.fromStep() < step).toList();
  }

  private static void check(String field, List<BatchPoint> points) {
    if (points.isEmpty() || points.size() > MAX_POINTS) {
      throw RegistryException.invalid(field, "has 1 to " + MAX_POINTS + " points");
    }
    long last = -1;
    for (int i = 0; i < points.size(); i++) {
      var point = points.get(i);
      var at = field + "[" + i + "]";
      if (point.fromStep() <= last) {
        throw RegistryException.invalid(
            at + ".fromStep",
            i == 0 ? "must not be negative" : "must be greater than that of the point before");
      }
      if (point.sequencesPerStep() < 1 || point.sequenceLength() < 1) {
        throw RegistryException.invalid(at, "has a batch of at least one token");
      }
      last = point.fromStep();
    }
  }
}
