package org.cairn.checkpoint;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
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
        has == null
            ? List.of()
            : has.stream().distinct().map(c -> required("has", Component.class, c)).toList());
  }

  CheckpointListService.Choice choice() {
    return new CheckpointListService.Choice(
        parse("spacing", Spacing.class, spacing), points, nearestStep, nearestTokens);
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
