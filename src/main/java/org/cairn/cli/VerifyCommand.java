package org.cairn.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.cairn.cli.Manifest.Entry;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
      "  cairn verify my-run --against lab/my-run",
      "  cairn verify my-run --against https://registry.example.org lab/my-run@step512"
    })
final class VerifyCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init")
  CommandSpec spec;

  @Parameters(paramLabel = "DIR", arity = "0..1", description = "The folder to check.")
  @Nullable Path folder;

  @Option(
      names = "--against",
      arity = "1..2",
      paramLabel = "[URL] PROJECT/RUN",
      hideParamSyntax = true,
      description = "Checks against what a registry has of a run, checkpoint or project.")
  List<String> against = List.of();

  @Option(names = "--from", paramLabel = "URL", description = "The registry (else $CAIRN_URL).")
  @Nullable String from;

  @Option(names = "--strict", description = "Files that nobody asked for are a failure too.")
  boolean strict;

  private @Nullable String wanted;

  @Option(names = "--json", description = "Prints the outcome as one JSON object.")
  boolean json;

  @Override
  public Integer call() {
    var console = Cairn.console(spec);
    takeApart();
    var root = root();
    var expected = wanted == null ? Manifest.read(root) : catalogue(wanted);
    var vouched = wanted == null ? Manifest.NAME : "";
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

  /** An address of the web among the words of --against is the registry; the rest is in order. */
  private void takeApart() {
    var words = new ArrayList<>(against);
    if (!words.isEmpty() && words.getFirst().matches("https?://.*")) {
      from = words.removeFirst();
    }
    wanted = words.isEmpty() ? null : words.removeFirst();
    if (!words.isEmpty() && folder == null) {
      folder = Path.of(words.removeFirst());
    }
    if (folder == null || !words.isEmpty() || (wanted == null && !against.isEmpty())) {
      throw new ParameterException(
          spec.commandLine(), "Expected DIR, and after --against [URL] PROJECT/RUN");
    }
  }

  private Path root() {
    var named = Objects.requireNonNull(folder);
    try {
      return named.toRealPath();
    } catch (IOException e) {
      throw FolderWalk.unreadable(named, e);
    }
  }

  private Map<String, Entry> catalogue(String text) {
    var address = RunAddress.parse(text);
    try (var transport = new Transport(Transport.STALL)) {
      var api = new Api(ServerUrl.of(from), transport, Retry.PATIENT, Cairn.token(spec));
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
