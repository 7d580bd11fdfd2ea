package org.cairn.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "publish",
    description = "Publishes training runs: checkpoints, configuration, logs, data.",
    footer = {
      "",
      "DIR is a run folder (checkpoints/step512/..., config.yaml, ...), a folder of checkpoints",
      "(step512/, global_step1000/, checkpoint-500/, stage1-step1000-tokens5B/, step100.pt, ...), or",
      "a suite: run folders at any depth and, beside them, dataset/ and anything else. Every file is",
      "published but those in .git and .cache; of a link, what it leads to; of an empty folder,",
      "nothing.",
      "",
      "Running the same command again continues what was interrupted, adds what is new, and",
      "changes nothing where all is published.",
      "",
      "Examples:",
      "  cairn publish out/my-run --project lab",
      "  cairn publish glyph --project glyph --to https://registry.example.org",
      "  cairn publish seed0 seed1 seed2 --project lab --jobs 8 --json"
    })
final class PublishCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init")
  CommandSpec spec;

  @Parameters(paramLabel = "DIR", arity = "1..*", description = "What to publish.")
  @SuppressWarnings("NullAway.Init")
  List<Path> folders;

  @Option(
      names = {"-p", "--project"},
      required = true,
      description = "The project; made if it is not there.")
  @SuppressWarnings("NullAway.Init")
  String project;

  @Option(names = "--run", description = "The name of the run, where it is not the folder's.")
  @Nullable String run;

  @Option(names = "--to", paramLabel = "URL", description = "The registry (else $CAIRN_URL).")
  @Nullable String to;

  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      defaultValue = "6",
      description = "Parts in flight at a time (${DEFAULT-VALUE}).")
  int jobs;

  @Option(
      names = "--follow-links",
      description =
          "Publishes what links lead to, also outside of DIR (as from a Hugging Face cache).")
  boolean followLinks;

  @Option(
      names = "--no-seal",
      description = "Leaves the checkpoints as drafts, which may still be changed.")
  boolean noSeal;

  @Option(names = "--json", description = "Prints what was done as one JSON object.")
  boolean json;

  @Override
  public Integer call() {
    var console = Cairn.console(spec);
    LayoutScan.requireSlug("Project", project);
    Options.requireJobs(jobs);
    var server = ServerUrl.of(to);
    var layout = layout(console);
    try (var transport = new Transport(Transport.STALL);
        var interruption = Interruption.announce(console)) {
      var api = new Api(server, transport, Retry.PATIENT, Cairn.token(spec));
      var publication = new Publication(api, console, project, jobs, !noSeal);
      try {
        publication.publish(layout);
      } catch (CliException e) {
        if (!json) {
          throw e;
        }
        publication.counts().failures.add(e); // a script gets its object in any case
      }
      interruption.over();
      return report(publication.counts(), console);
    }
  }

  private Layout layout(Console console) {
    var scan = new LayoutScan(console, followLinks);
    var layout = Layout.together(folders.stream().map(scan::scan).toList());
    if (run != null) {
      if (layout.runs().size() != 1) {
        throw new CliException(
            ExitCode.USAGE, "--run names one run, but there are " + layout.runs().size());
      }
      layout = new Layout(List.of(layout.runs().getFirst().named(run)), layout.data());
    }
    layout.runs().forEach(found -> LayoutScan.requireSlug("Run", found.name()));
    return layout;
  }

  private int report(PublishCounts counts, Console console) {
    counts.failures.texts().forEach(failure -> console.error("cairn: " + failure));
    if (json) {
      var object = counts.json();
      var warnings = object.putArray("warnings");
      console.warnings().forEach(warnings::add);
      console.result(Json.text(object));
    } else {
      console.say(counts.text());
    }
    return counts.failures.exitCode();
  }
}
