package org.cairn.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "diff",
    description = {
      "Says in what two runs differ, and whether that is what their axes, or --factor, declare.",
      "",
      "What does not shape training, such as the batches of evaluations, is told as well.",
      "",
      "The exit code is 0 where they differ in nothing else that shapes training, and 1 where they"
          + " do or where it is not known."
    },
    footer = {
      "",
      "Examples:",
      "  cairn diff EleutherAI/pythia-160m EleutherAI/pythia-160m-deduped",
      "  cairn diff lab/run lab/run --segments ingredient1,ingredient2 --factor seed"
    })
final class DiffCommand implements Callable<Integer> {

  /** Longest value of a table, in characters. */
  private static final int SHOWN = 60;

  /** Most steps of a batch size in a table. */
  private static final int STEPS = 3;

  @Spec
  @SuppressWarnings("NullAway.Init")
  CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PROJECT/RUN", description = "A run.")
  @SuppressWarnings("NullAway.Init")
  String left;

  @Parameters(index = "1", paramLabel = "PROJECT/RUN", description = "Another one, or the same.")
  @SuppressWarnings("NullAway.Init")
  String right;

  @Option(
      names = "--segments",
      paramLabel = "LEFT,RIGHT",
      description = "Compares only these two segments.")
  @Nullable String segments;

  @Option(
      names = "--factor",
      paramLabel = "FACTOR",
      description = "By what they are to differ, such as seed or data; may be repeated.")
  List<String> factors = new ArrayList<>();

  @Option(names = "--from", paramLabel = "URL", description = "The registry (else $CAIRN_URL).")
  @Nullable String from;

  @Option(names = "--json", description = "Prints the registry's own answer.")
  boolean json;

  @Override
  public Integer call() {
    var console = Cairn.console(spec);
    var query = query();
    try (var transport = new Transport(Transport.STALL)) {
      var api = new Api(ServerUrl.of(from), transport, Retry.BRIEF, Cairn.token(spec));
      var diff = api.get("/v1/diff" + query);
      if (json) {
        console.result(Json.text(diff.node()));
      } else {
        show(diff, console);
      }
      return List.of("equal", "as-declared").contains(diff.text("verdict"))
          ? ExitCode.OK
          : ExitCode.FAILED;
    }
  }

  private String query() {
    var query = new StringBuilder("?left=" + run(left) + "&right=" + run(right));
    if (segments != null) {
      var comma = segments.indexOf(',');
      if (comma < 1 || comma != segments.lastIndexOf(',') || comma == segments.length() - 1) {
        throw new CliException(ExitCode.USAGE, "--segments is of the form LEFT,RIGHT");
      }
      query
          .append("&leftSegment=")
          .append(ServerUrl.segment(segments.substring(0, comma)))
          .append("&rightSegment=")
          .append(ServerUrl.segment(segments.substring(comma + 1)));
    }
    factors.forEach(factor -> query.append("&factor=").append(ServerUrl.segment(factor)));
    return query.toString();
  }

  private static String run(String text) {
    var address = RunAddress.parse(text);
    if (address.run() == null || address.ref() != null) {
      throw new CliException(ExitCode.USAGE, text + " is not of the form PROJECT/RUN");
    }
    return ServerUrl.segment(address.toString());
  }

  private static void show(Answer diff, Console console) {
    var node = diff.node();
    var table = new Table("FACTOR", "KEY", "LEFT", "RIGHT");
    for (var difference : node.path("differences")) {
      table.add(
          difference.path("factor").asText(),
          difference.path("aspect").asText() + " " + difference.path("key").asText(),
          brief(batches(difference, "left")),
          brief(batches(difference, "right")));
    }
    if (!node.path("differences").isEmpty()) {
      table.lines().forEach(console::result);
    }
    if (node.path("truncated").asBoolean()) {
      console.warn("there are more differences than are listed");
    }
    node.path("notCompared")
        .forEach(gap ->
            console.result(
                "not compared: "
                    + Console.printable(
                        gap.path("aspect").asText()
                            + (gap.has("leftSegment")
                                ? " of " + gap.path("leftSegment").asText()
                                : "")
                            + ": "
                            + gap.path("reason").asText())));
    if (evaluatedDifferently(node)) {
      console.result("Their evaluations were run with other batches, which is not declared.");
    }
    console.result(verdict(node));
  }

  private static boolean evaluatedDifferently(JsonNode node) {
    return node.path("differences")
            .valueStream()
            .anyMatch(one -> one.path("aspect").asText().equals("evaluation"))
        && node.path("factors")
            .valueStream()
            .anyMatch(factor ->
                factor.path("name").asText().equals("evaluation")
                    && !factor.path("declared").asBoolean());
  }

  /**
   * A side of a difference; of evaluations {@code 4 at 1000, 2000, 3000 and 6 more}, a list of
   * batch sizes being too long for a table.
   */
  private static JsonNode batches(JsonNode difference, String side) {
    var value = difference.path(side);
    if (!difference.path("aspect").asText().equals("evaluation") || !value.isArray()) {
      return value;
    }
    return TextNode.valueOf(
        value.valueStream().map(DiffCommand::batch).collect(Collectors.joining("; ")));
  }

  private static String batch(JsonNode one) {
    var steps = one.path("steps").valueStream().map(JsonNode::asText).toList();
    var shown = Math.min(STEPS, steps.size());
    var more = steps.size() - shown + one.path("moreSteps").asInt();
    return one.path("batchSize").asText()
        + " at "
        + String.join(", ", steps.subList(0, shown))
        + (more == 0 ? "" : " and " + more + " more");
  }

  private static String verdict(JsonNode node) {
    var declared = names(node, true);
    return switch (node.path("verdict").asText()) {
      case "equal" -> "They differ in nothing that shapes training.";
      case "as-declared" -> "They differ only by " + declared + ", as declared.";
      case "not-as-declared" -> "They differ by " + names(node, false) + ", which is not declared.";
      default -> "It is not known whether they differ in more than is declared.";
    };
  }

  private static String names(JsonNode node, boolean declared) {
    return String.join(
        ", ",
        node.path("factors")
            .valueStream()
            .filter(factor -> factor.path("shapesTraining").asBoolean())
            .filter(factor -> factor.path("differences").asInt() > 0)
            .filter(factor -> factor.path("declared").asBoolean() == declared)
            .map(factor -> factor.path("name").asText())
            .toList());
  }

  private static String brief(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "-";
    }
    var text = value.isTextual() ? value.textValue() : value.toString();
    return text.length() <= SHOWN
        ? text
        : text.substring(0, text.offsetByCodePoints(0, SHOWN / 2)) + "\u2026";
  }
}
