package org.cairn.checkpoint;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.util.Arrays;
import java.util.List;
import org.cairn.api.RegistryException;
import org.cairn.platform.Names;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters that say which checkpoints of a run a request is about: filters first, then
 * a way to choose among what they leave. Bounds are inclusive.
 */
public final class CheckpointSelection {

  private static final int STEPS_MAX = 2000;

  private static final java.util.regex.Pattern STEP =
      java.util.regex.Pattern.compile("[0-9]{1,18}");

  @RestQuery
  @Nullable
  @Pattern(regexp = Names.PART, message = Names.PART_MESSAGE)
  String stage;

  @RestQuery
  @Nullable
  @Pattern(regexp = Names.PART, message = Names.PART_MESSAGE)
  String branch;

  @RestQuery @Nullable @PositiveOrZero Long stepFrom;
  @RestQuery @Nullable @PositiveOrZero Long stepTo;
  @RestQuery @Nullable @PositiveOrZero Long tokensFrom;
  @RestQuery @Nullable @PositiveOrZero Long tokensTo;
  @RestQuery @Nullable String kind;
  @RestQuery @Nullable String state;

  @Parameter(
      description =
          "Only these steps, separated by commas: 0,1,2,512. At most 2,000; those that the run does not have are passed over")
  @RestQuery
  @Nullable
  @Size(max = 40_000)
  String steps;

  @Parameter(description = "Only those where this part of the state is present, such as optimizer")
  @RestQuery
  @Nullable List<String> has;

  @Parameter(description = "log or linear")
  @RestQuery
  @Nullable String spacing;

  @Parameter(description = "How many a spacing chooses; 20 where left out")
  @RestQuery
  @Nullable
  @Min(1)
  @Max(2000)
  Integer points;

  @RestQuery @Nullable @PositiveOrZero Long nearestStep;
  @RestQuery @Nullable @PositiveOrZero Long nearestTokens;

  CheckpointFilter filter() {
    return new CheckpointFilter(
        stage,
        branch,
        stepFrom,
        stepTo,
        tokensFrom,
        tokensTo,
        parse("kind", CheckpointKind.class, kind),
        parse("state", CheckpointState.class, state),
        steps == null ? null : steps(steps),
        has == null
            ? List.of()
            : has.stream().distinct().map(c -> required("has", Component.class, c)).toList());
  }

  CheckpointListService.Choice choice() {
    return new CheckpointListService.Choice(
        parse("spacing", Spacing.class, spacing), points, nearestStep, nearestTokens);
  }

  private static List<Long> steps(String text) {
    var numbers = text.split(",", -1);
    if (numbers.length > STEPS_MAX) {
      throw RegistryException.invalid(
          "steps", "has " + numbers.length + " steps, at most " + STEPS_MAX + " are read");
    }
    return Arrays.stream(numbers)
        .map(number -> {
          if (!STEP.matcher(number).matches()) {
            throw RegistryException.invalid(
                "steps", "is written as 0,1,2,512, and \"" + shown(number) + "\" is no step");
          }
          return Long.valueOf(number);
        })
        .distinct()
        .toList();
  }

  private static String shown(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }

  private static <E extends Enum<E>> @Nullable E parse(
      String field, Class<E> type, @Nullable String name) {
    return name == null || name.isEmpty() ? null : required(field, type, name);
  }

  private static <E extends Enum<E>> E required(String field, Class<E> type, String name) {
    try {
      return Wire.parse(type, name);
    } catch (IllegalArgumentException e) {
      throw RegistryException.invalid(
          field, "must be one of " + Arrays.toString(type.getEnumConstants()));
    }
  }
}
