package org.cairn.hub;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.cairn.testsupport.CairnProcess;

/** Two packaged registries: one sends clients to the store, the other passes bytes on. */
record Registries(CairnProcess presigned, CairnProcess proxied) implements AutoCloseable {

  static final String PRESIGNED = "presigned";
  static final String PROXIED = "proxied";

  static Registries start(Path folder, Map<String, String> environment) {
    return new Registries(
        serve(folder, environment, PRESIGNED), serve(folder, environment, PROXIED));
  }

  static CairnProcess serve(Path folder, Map<String, String> environment, String mode) {
    var whole = new HashMap<>(environment);
    whole.put("CAIRN_TRANSFER_MODE", mode);
    return CairnProcess.start(
            CairnProcess.LAUNCHER,
            folder,
            whole,
            "serve",
            "--data",
            folder.resolve(mode).toString(),
            "--port",
            "0")
        .awaitReady();
  }

  /** The S3 server is on 127.0.0.1: by that name, both are on one host. */
  String url(String mode) {
    return (mode.equals(PROXIED) ? proxied : presigned).url();
  }

  @Override
  public void close() {
    presigned.close();
    proxied.close();
  }
}
