package org.cairn.access;

import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.cairn.access.Thing.Kind;
import org.cairn.api.Admits.Rule;
import org.jspecify.annotations.Nullable;

/**
 * What the address and the annotation of a method say about who may call it.
 *
 * @param isNative whether it is of {@code /v1}, and not of the Hub's protocol
 * @param rule where it has one of its own
 * @param kind what its address names; null where it names no project
 * @param member the parameter of the address that names the member of the project
 */
record Route(boolean isNative, @Nullable Rule rule, @Nullable Kind kind, @Nullable String member) {

  private static final String DATASETS = "datasets";

  /** Reads the template of an address, such as {@code /v1/projects/{project}/runs/{run}}. */
  static Route of(String template, @Nullable Rule rule) {
    var path = template.startsWith("/") ? template : "/" + template;
    boolean isNative = path.equals("/v1") || path.startsWith("/v1/");
    if (!has(path, "project")) {
      return new Route(isNative, rule, null, null);
    }
    if (isNative) {
      return has(path, "run")
          ? new Route(true, rule, Kind.RUN, "run")
          : has(path, "dataset")
              ? new Route(true, rule, Kind.DATASET, "dataset")
              : new Route(true, rule, Kind.PROJECT, null);
    }
    var kind = path.startsWith("/" + DATASETS + "/") ? Kind.DATASET : Kind.RUN;
    return has(path, "name")
        ? new Route(false, rule, kind, "name")
        : new Route(false, rule, Kind.PROJECT, null);
  }

  private static boolean has(String path, String parameter) {
    return Pattern.compile("\\{\\s*" + parameter + "\\s*[:}]").matcher(path).find();
  }

  /** What a request is about. */
  @Nullable Thing thing(UnaryOperator<@Nullable String> parameters) {
    if (kind == null) {
      return null;
    }
    // On the Hub's side one method serves both kinds of repositories.
    boolean isDataset =
        kind == Kind.DATASET
            || (!isNative && kind == Kind.RUN && DATASETS.equals(parameters.apply("kind")));
    return new Thing(
        isDataset ? Kind.DATASET : kind,
        text(parameters.apply("project")),
        member == null ? null : text(parameters.apply(member)));
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }
}
