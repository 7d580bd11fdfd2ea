package org.cairn.xet;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.cairn.testsupport.CairnProcess;
import org.cairn.testsupport.PeerProcess;
import org.cairn.testsupport.PeerProgram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Hub's own clients send files in pieces to the packaged registry. */
@Tag("conformance")
class XetClientsIT {

  @ParameterizedTest
  @CsvSource({"python-models,presigned", "python-hub-1,proxied"})
  void whatClientsSendIsThere(String python, String mode, @TempDir Path folder) throws Exception {
    try (var registry =
        CairnProcess.start(
                CairnProcess.LAUNCHER,
                folder,
                Map.of("CAIRN_TRANSFER_MODE", mode),
                "serve",
                "--data",
                folder.resolve("data").toString(),
                "--port",
                "0")
            .awaitReady()) {
      var said =
          PeerProgram.lastLine(
              folder,
              Map.of(),
              PeerProcess.locate(python, folder).toString(),
              "src/test/python/xet.py",
              registry.url(),
              Files.createDirectory(folder.resolve("client")).toString());
      System.out.println("The Hub's clients: " + said);
    }
  }
}
