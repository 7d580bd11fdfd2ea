package org.cairn.cli;

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
    name = "ls",
    description = "Lists projects, the runs of one, the checkpoints of a run, or the files of one.",
    footer = {
      "",
      "Examples:",
      "  cairn ls",
      "  cairn ls lab",
      "  cairn ls lab/my-run",
      "  cairn ls lab/my-run@step512 --json"
    })
final class ListCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init")
  CommandSpec spec;

  @Parameters(
      paramLabel = "PROJECT[/RUN[@CHECKPOINT]]",
      arity = "0..1",
      description = "What to list; nothing lists the projects.")
  @Nullable String address;

  @Option(names = "--from", paramLabel = "URL", description = "The registry (else $CAIRN_URL).")
  @Nullable String from;

  @Option(
      names = "--json",
      description = "Prints the registry's own answers, as items of one JSON object.")
  boolean json;

  @Override
  public Integer call() {
    var console = Cairn.console(spec);
    try (var transport = new Transport(Transport.STALL)) {
      var api = new Api(ServerUrl.of(from), transport, Retry.BRIEF, Cairn.token(spec));
      var wanted = address == null ? null : RunAddress.parse(address);
      var items = items(api, wanted);
      if (json) {
        var object = Json.object();
        var array = object.putArray("items");
        items.forEach(item -> array.add(item.node()));
        console.result(Json.text(object));
      } else {
        table(wanted, items).lines().forEach(console::result);
      }
      return ExitCode.OK;
    }
  }

  private static List<Answer> items(Api api, @Nullable RunAddress wanted) {
    if (wanted == null) {
      return api.all("/v1/projects");
    }
    if (wanted.run() == null) {
      var project = RunAddress.projectPath(wanted.project());
      api.get(project);
      return api.all(project + "/runs");
    }
    if (wanted.ref() == null) {
      api.get(wanted.path());
      return api.all(wanted.path() + "/checkpoints?pageSize=2000");
    }
    return api.get(wanted.checkpointPath(wanted.ref())).requireList("files");
  }

  private static Table table(@Nullable RunAddress wanted, List<Answer> items) {
    if (wanted == null) {
      return rows(items, List.of("project", "title", "created"), ListCommand::project);
    }
    if (wanted.run() == null) {
      return rows(items, List.of("run", "status", "family", "created"), ListCommand::run);
    }
    if (wanted.ref() == null) {
      var header = List.of("checkpoint", "step", "tokens", "files", "size", "state", "manifest");
      return rows(items, header, ListCommand::checkpoint);
    }
    return rows(items, List.of("path", "role", "size", "sha256"), ListCommand::file);
  }

  /** How one item is shown. */
  private interface Row {
    List<String> of(Answer item);
  }

  private static Table rows(List<Answer> items, List<String> header, Row row) {
    var titles = new ArrayList<String>();
    header.forEach(title -> titles.add(title.toUpperCase(java.util.Locale.ROOT)));
    var table = new Table(titles.toArray(String[]::new));
    items.forEach(item -> table.add(row.of(item).toArray(String[]::new)));
    return table;
  }

  private static List<String> project(Answer item) {
    return List.of(item.text("name"), item.textOr("title", ""), item.textOr("createdAt", ""));
  }

  private static List<String> run(Answer item) {
    return List.of(
        item.text("name"),
        item.textOr("status", ""),
        item.textOr("family", ""),
        item.textOr("createdAt", ""));
  }

  private static List<String> checkpoint(Answer item) {
    var tokens = item.countIfPresent("tokens");
    return List.of(
        item.text("label"),
        Long.toString(item.count("step")),
        tokens.isPresent() ? Long.toString(tokens.getAsLong()) : "unknown",
        Long.toString(item.count("fileCount")),
        Sizes.bytes(item.count("totalSize")),
        item.text("state"),
        shortDigest(item.textOr("manifestDigest", "")));
  }

  private static List<String> file(Answer item) {
    return List.of(
        item.text("path"),
        item.textOr("role", ""),
        Sizes.bytes(item.count("size")),
        item.sha256("sha256").hex());
  }

  /** Enough to tell two apart at a glance; {@code --json} has all of it. */
  private static String shortDigest(String digest) {
    return digest.length() > 16 ? digest.substring(0, 16) : digest;
  }
}
