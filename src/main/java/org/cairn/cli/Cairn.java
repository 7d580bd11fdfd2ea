package org.cairn.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program {@code cairn}: parses the command line and turns failures into exit codes. */
@Command(
    name = "cairn",
    description = {
      "Cairn, an open-checkpoint registry: training runs, their checkpoints and the bytes behind"
          + " them, verified.",
      ""
    },
    subcommands = {
      PublishCommand.class,
      PullCommand.class,
      VerifyCommand.class,
      ListCommand.class,
      TensorCommand.class,
      FindingsCommand.class,
      DiffCommand.class,
      ImportCommand.class,
      LauncherCommands.Serve.class,
      LauncherCommands.Demo.class,
      LauncherCommands.Rebuild.class,
      CompletionCommand.class,
      HelpCommand.class
    },
    versionProvider = Cairn.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  cairn demo                       a registry with a published run, on this machine",
      "  cairn publish runs/my-run --project lab",
      "  cairn ls lab/my-run",
      "  cairn pull lab/my-run@step512 --out here",
      "  cairn verify here",
      "  cairn tensor lab/my-run embed.weight --spacing log --points 20",
      "",
      "Environment:",
      "  CAIRN_URL    the registry where --to or --from is absent (http://127.0.0.1:8080)",
      "  CAIRN_TOKEN  the token that it is shown"
    })
public final class Cairn implements Runnable {

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
  CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Shows this help.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Shows the version.")
  boolean version;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Shows where in the program a failure happened.")
  boolean debug;

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      description = "Says nothing but results, warnings and errors.")
  boolean quiet;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      scope = ScopeType.INHERIT,
      description =
          "Token for the registry; $CAIRN_TOKEN, which other users cannot see, is better.")
  @Nullable String token;

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The token that the registry is shown: of the command line, else of the environment. */
  static @Nullable String token(CommandSpec command) {
    var option = command.root().userObject() instanceof Cairn cairn ? cairn.token : null;
    var token = option == null ? System.getenv("CAIRN_TOKEN") : option;
    if (token == null || token.isBlank()) {
      return null;
    }
    if (!token.strip().matches("[\\x21-\\x7e]+")) {
      throw new CliException(ExitCode.USAGE, "the token has characters that no token has");
    }
    return token.strip();
  }

  static CommandLine commandLine() {
    var cairn = new Cairn();
    var program = new CommandLine(cairn);
    documentExitCodes(program);
    var clients = Set.of("publish", "pull", "verify", "ls", "tensor", "findings", "diff", "import");
    program
        .getSubcommands()
        .forEach((name, command) -> {
          if (clients.contains(name)) {
            documentExitCodes(command);
          }
        });
    return program
        .setUsageHelpWidth(100)
        .setExecutionExceptionHandler((e, commandLine, parsed) -> cairn.failed(e, commandLine))
        .setParameterExceptionHandler((e, arguments) -> wrong(e));
  }

  private static void documentExitCodes(CommandLine command) {
    command
        .getCommandSpec()
        .usageMessage()
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(ExitCode.meanings());
  }

  /** Where a command writes. */
  static Console console(CommandSpec command) {
    var root = command.root().userObject();
    var quiet = root instanceof Cairn cairn && cairn.quiet;
    var commandLine = command.commandLine();
    return new Console(commandLine.getOut(), commandLine.getErr(), quiet, Console.detectTerminal());
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Which command? One of " + spec.subcommands().keySet());
  }

  private int failed(Exception e, CommandLine commandLine) {
    var err = commandLine.getErr();
    if (debug) {
      e.printStackTrace(err);
    }
    var known = e instanceof CliException expected ? expected : null;
    var text = known == null ? "unexpected failure: " + e : known.text();
    err.println("cairn: " + Console.printable(text));
    if (known == null && !debug) {
      err.println("cairn: --debug shows where");
    }
    err.flush();
    if (commandLine.getParseResult().hasMatchedOption("--json")) {
      var failure = Json.object(); // a script gets its object in any case
      failure.putArray("failures").add(text);
      commandLine.getOut().println(Json.text(failure));
      commandLine.getOut().flush();
    }
    return known == null ? ExitCode.FAILED : known.exitCode();
  }

  private static int wrong(ParameterException e) {
    var commandLine = e.getCommandLine();
    PrintWriter err = commandLine.getErr();
    err.println("cairn: " + Console.printable(String.valueOf(e.getMessage())));
    var suggestions = new java.io.StringWriter();
    if (CommandLine.UnmatchedArgumentException.printSuggestions(e, new PrintWriter(suggestions))) {
      err.print(suggestions);
    }
    err.println(
        "Try '" + commandLine.getCommandSpec().qualifiedName() + " --help' for what there is.");
    err.flush();
    return ExitCode.USAGE;
  }

  /** The version that the build wrote beside this class. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      var properties = new Properties();
      try (var in = Cairn.class.getResourceAsStream("version.properties")) {
        if (in != null) {
          properties.load(in);
        }
      }
      return new String[] {"cairn " + properties.getProperty("version", "unknown")};
    }
  }
}
