package org.cairn.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "findings",
    description = "Lists the faults that the registry saw in a run, newest first.",
    footer = {
      "",
      "Examples:",
      "  cairn findings lab/my-run",
      "  cairn findings lab/my-run --status open --report",
      "  cairn findings lab/my-run --status open --json"
    })
final class FindingsCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init")
  CommandSpec spec;

  @Parameters(paramLabel = "PROJECT/RUN", description = "The run.")
  @SuppressWarnings("NullAway.Init")
  String address;

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      description = "Only those that are open, explained or fixed.")
  @Nullable String status;

  @Option(names = "--class", paramLabel = "CLASS", description = "Only those of this class.")
  @Nullable String findingClass;

  @Option(names = "--from", paramLabel = "URL", description = "The registry (else $CAIRN_URL).")
  @Nullable String from;

  @Option(
      names = "--report",
      description =
          "Prints what each says, with the file and lines, as text to send to those who published it.")
  boolean report;

  @Option(
      names = "--json",
      description = "Prints the registry's own answers with all their evidence.")
  boolean json;

  @Override
  public Integer call() {
    var console = Cairn.console(spec);
    var run = RunAddress.parse(address);
    if (run.run() == null || run.ref() != null) {
      throw new CliException(ExitCode.USAGE, address + " is not of the form PROJECT/RUN");
    }
    try (var transport = new Transport(Transport.STALL)) {
      var api = new Api(ServerUrl.of(from), transport, Retry.BRIEF, Cairn.token(spec));
      var findings = api.all(run.path() + "/findings" + query());
      if (json) {
        var object = Json.object();
        var array = object.putArray("items");
        findings.forEach(finding -> array.add(finding.node()));
        console.result(Json.text(object));
      } else if (report) {
        findings.forEach(finding -> report(finding, console));
      } else {
        table(findings).lines().forEach(console::result);
      }
      return ExitCode.OK;
    }
  }

  private static void report(Answer finding, Console console) {
    var evidence = finding.node().path("evidence").deepCopy();
    var summary = evidence.path("summary").asText("");
    console.result(
        Console.printable(
            "%s: %s (%s)"
                .formatted(
                    finding.text("class"), finding.text("subject"), finding.text("status"))));
    if (!summary.isEmpty()) {
      console.result("  " + Console.printable(summary));
      ((ObjectNode) evidence).remove("summary");
    }
    console.result("  " + Console.printable(evidence.toString()));
    console.result("");
  }

  private String query() {
    var query = new ArrayList<String>();
    query.add("pageSize=500");
    if (status != null) {
      query.add("status=" + ServerUrl.segment(status));
    }
    if (findingClass != null) {
      query.add("class=" + ServerUrl.segment(findingClass));
    }
    return "?" + String.join("&", query);
  }

  private static Table table(List<Answer> findings) {
    var table = new Table("CLASS", "SUBJECT", "STATUS", "SEEN");
    for (var finding : findings) {
      table.add(
          finding.text("class"),
          finding.text("subject"),
          finding.text("status"),
          finding.textOr("createdAt", ""));
    }
    return table;
  }
}
