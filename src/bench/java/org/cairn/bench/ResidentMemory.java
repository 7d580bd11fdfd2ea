package org.cairn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What a process holds of the machine's memory, in MiB, as Linux' proc folder tells it. */
final class ResidentMemory {

  private static final Pattern NOW = Pattern.compile("(?m)^VmRSS:\\s+([0-9]+) kB$");
  private static final Pattern MOST = Pattern.compile("(?m)^VmHWM:\\s+([0-9]+) kB$");

  private ResidentMemory() {}

  static double of(ProcessHandle process) throws IOException {
    return read(NOW, process);
  }

  /** At most since it started. */
  static double mostOf(ProcessHandle process) throws IOException {
    return read(MOST, process);
  }

  private static double read(Pattern field, ProcessHandle process) throws IOException {
    var status = field.matcher(Files.readString(Path.of("/proc/" + process.pid() + "/status")));
    if (!status.find()) {
      throw new IOException("process " + process.pid() + " has ended");
    }
    return Double.parseDouble(status.group(1)) / 1024;
  }
}
