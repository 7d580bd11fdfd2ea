package org.cairn.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    description = "Prints a script with which the shell completes commands and options.",
    footer = {
      "",
      "Examples:",
      "  source <(cairn completion bash)",
      "  cairn completion zsh > ~/.cairn-completion && echo 'source ~/.cairn-completion' >>"
          + " ~/.zshrc"
    })
final class CompletionCommand implements Callable<Integer> {

  enum Shell {
    bash,
    zsh
  }

  @Spec
  @SuppressWarnings("NullAway.Init")
  CommandSpec spec;

  @Parameters(
      paramLabel = "SHELL",
      arity = "0..1",
      defaultValue = "bash",
      description = "One of ${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init")
  Shell shell;

  @Override
  public Integer call() {
    // One script serves both: it turns on zsh's emulation of bash's completion by itself.
    spec.commandLine().getOut().print(AutoComplete.bash("cairn", spec.root().commandLine()));
    spec.commandLine().getOut().flush();
    return ExitCode.OK;
  }
}
