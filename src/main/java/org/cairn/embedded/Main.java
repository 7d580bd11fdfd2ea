package org.cairn.embedded;

import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The server: {@code serve} (also without a word), {@code demo} and {@code rebuild}. All other
 * commands are the client's.
 */
@QuarkusMain
@Command(
    name = "cairn",
    subcommands = {
      ServeCommand.class,
      DemoCommand.class,
      RebuildCommand.class,
      RehearseCommand.class
    })
public final class Main {

  /**
   * Returns only when nothing was to be started; a server that has started ends the process itself.
   */
  public static void main(String... arguments) {
    // Before there is a second thread: two that come first to JBoss LogManager together can
    // deadlock.
    LogManager.getLogManager();
    var words = arguments.length == 0 ? new String[] {"serve"} : arguments;
    var program =
        new CommandLine(new Main())
            .setExecutionExceptionHandler((failure, command, parsed) -> explain(failure));
    for (var command : program.getSubcommands().values()) {
      command
          .getCommandSpec()
          .usageMessage()
          .exitCodeListHeading("%nExit codes:%n")
          .exitCodeList(StartFailure.meanings());
    }
    System.exit(program.execute(words));
  }

  private static int explain(Exception failure) throws Exception {
    if (failure instanceof StartFailure start) {
      System.err.println("cairn: " + start.sentence());
      return start.exitCode();
    }
    throw failure;
  }
}
