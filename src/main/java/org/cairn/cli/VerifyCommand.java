package org.cairn.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.cairn.cli.Manifest.Entry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "verify",
    description = "Checks that every byte of a folder is what it should be.",
    footer = {
      "",
      "Without --against the folder's own MANIFEST.json says what should be there: that of a run,",
      "or that of a suite together with those of its runs.",
      "",
      "Examples:",
      "  cairn verify my-run",
      "  cairn verify my-run --against https://registry.example.org lab/my-run"
    })
final class VerifyCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init")
  CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "The folder to check.")
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Option(
      names = "--against",
      arity = "2",
      paramLabel = "URL PROJECT/RUN",
      hideParamSyntax = true,
      description = "Checks against what this registry has of a run, checkpoint or project.")
  List<String> against = List.of();

  @Option(names = "--strict", description = "Files that nobody asked for are a failure too.")
  boolean strict;

  @Option(names = "--json", description = "Prints the outcome as one JSON object.")
  boolean json;

  @Override
  public Integer call() {
    var console = Cairn.console(spec);
    var root = root();
    var expected = against.isEmpty() ? Manifest.read(root) : catalogue();
    var vouched = against.isEmpty() ? Manifest.NAME : "";
    var total = expected.values().stream().mapToLong(entry -> Math.max(0, entry.size())).sum();
    TreeCheck.Outcome outcome;
    try (var progress = Progress.of(console, "Verifying", total)) {
      outcome = TreeCheck.check(root, expected, vouched, progress);
    }
    report(outcome, console);
    var wrong =
        !outcome.missing().isEmpty()
            || !outcome.changed().isEmpty()
            || (strict && !outcome.extra().isEmpty());
    return wrong ? ExitCode.MISMATCH : ExitCode.OK;
  }

  private Path root() {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      throw FolderWalk.unreadable(folder, e);
    }
  }

  private Map<String, Entry> catalogue() {
    try (var transport = new Transport(Transport.STALL)) {
      var api = new Api(ServerUrl.of(against.get(0)), transport, Retry.PATIENT);
      var address = RunAddress.parse(against.get(1));
      api.with(Retry.BRIEF).get(RunAddress.projectPath(address.project()));
      var entries = new LinkedHashMap<String, Entry>();
      for (var file : new RemoteTree(api).files(address)) {
        entries.put(file.path(), new Entry(file.size(), file.sha256()));
      }
      return entries;
    }
  }

  private void report(TreeCheck.Outcome outcome, Console console) {
    if (json) {
      var object = Json.object().put("right", outcome.right());
      outcome.missing().forEach(object.putArray("missing")::add);
      outcome.changed().forEach(object.putArray("changed")::add);
      outcome.extra().forEach(object.putArray("extra")::add);
      console.result(Json.text(object));
      return;
    }
    outcome.missing().forEach(path -> console.result("missing  " + Console.printable(path)));
    outcome.changed().forEach(path -> console.result("changed  " + Console.printable(path)));
    outcome.extra().forEach(path -> console.result("extra    " + Console.printable(path)));
    console.result(
        "%d right, %d missing, %d changed, %d extra"
            .formatted(
                outcome.right(),
                outcome.missing().size(),
                outcome.changed().size(),
                outcome.extra().size()));
  }
}
