package org.cairn.cli;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "pull",
    description = "Downloads a run, a checkpoint or a whole project, verified.",
    footer = {
      "",
      "The folder gets the layout that was published. Files that are right already are left alone;",
      "others are replaced. Running the command again continues what was interrupted.",
      "",
      "Examples:",
      "  cairn pull lab/my-run --out my-run",
      "  cairn pull lab/my-run@step512 --out my-run",
      "  cairn pull lab/my-run --out my-run --only '*.json' --only 'checkpoints/step1*/**'",
      "  cairn pull lab --out everything      all runs (runs/) and data of a project"
    })
final class PullCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init")
  CommandSpec spec;

  @Parameters(
      paramLabel = "PROJECT[/RUN[@CHECKPOINT]]",
      description = "What to download; CHECKPOINT is a label, latest, terminal or sha256:DIGEST.")
  @SuppressWarnings("NullAway.Init")
  String address;

  @Option(names = "--from", paramLabel = "URL", description = "The registry (else $CAIRN_URL).")
  @Nullable String from;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR",
      required = true,
      description = "The folder to write to.")
  @SuppressWarnings("NullAway.Init")
  Path out;

  @Option(
      names = "--only",
      paramLabel = "GLOB",
      description = "Only files like this; a pattern without a slash is held against the name.")
  List<String> only = List.of();

  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      defaultValue = "6",
      description = "Downloads at a time (${DEFAULT-VALUE}).")
  int jobs;

  @Option(names = "--json", description = "Prints what was done as one JSON object.")
  boolean json;

  @Override
  public Integer call() {
    var console = Cairn.console(spec);
    Options.requireJobs(jobs);
    var wanted = RunAddress.parse(address);
    var globs = only.stream().map(PullCommand::glob).toList();
    var server = ServerUrl.of(from);
    try (var transport = new Transport(Transport.STALL);
        var interruption = Interruption.announce(console)) {
      var api = new Api(server, transport, Retry.PATIENT, Cairn.token(spec));
      api.with(Retry.BRIEF).get(RunAddress.projectPath(wanted.project()));
      var files =
          new RemoteTree(api)
              .files(wanted).stream()
                  .filter(file ->
                      globs.isEmpty() || globs.stream().anyMatch(g -> g.matches(file.path())))
                  .toList();
      if (files.isEmpty()) {
        throw new CliException(ExitCode.NOT_FOUND, "No file of " + address + " matches");
      }
      try (var folder = OutputFolder.at(out)) {
        var pull = new Pull(api, console, folder, jobs, Retry.PATIENT);
        try {
          pull.run(files);
        } catch (CliException e) {
          if (!json) {
            throw e;
          }
          pull.counts().failures.add(e); // a script gets its object in any case
        }
        interruption.over();
        return report(pull.counts(), console);
      }
    }
  }

  private int report(PullCounts counts, Console console) {
    counts.failures.texts().forEach(failure -> console.error("cairn: " + failure));
    if (json) {
      console.result(Json.text(counts.json()));
    } else {
      console.say(counts.text());
    }
    return counts.failures.exitCode();
  }

  /** A pattern over paths. */
  interface Glob {
    boolean matches(String path);
  }

  static Glob glob(String pattern) {
    try {
      var matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
      return pattern.indexOf('/') >= 0
          ? path -> matcher.matches(Path.of(path))
          : path -> matcher.matches(Path.of(path.substring(path.lastIndexOf('/') + 1)));
    } catch (PatternSyntaxException e) {
      throw new CliException(ExitCode.USAGE, "--only " + pattern + " is no pattern", e);
    }
  }
}
