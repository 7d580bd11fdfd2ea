package org.cairn.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "help", description = "Explains a command, with examples.")
final class HelpCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init")
  CommandSpec spec;

  @Parameters(
      paramLabel = "COMMAND",
      arity = "0..1",
      description = "The command to explain; all of them where it is absent.")
  @Nullable String command;

  @Override
  public Integer call() {
    var root = spec.root().commandLine();
    var explained = command == null ? root : root.getSubcommands().get(command);
    if (explained == null) {
      throw new ParameterException(spec.commandLine(), "There is no command " + command);
    }
    explained.usage(spec.commandLine().getOut());
    return ExitCode.OK;
  }
}
