package org.cairn.artifact;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cairn.storage.ObjectKey;
import org.cairn.storage.ObjectStore;

/**
 * The pass of the verification over a file on disk: digest, index, digests of tensors, statistics.
 */
public final class FileInspection {

  private FileInspection() {}

  /** Answers the digest of the file. */
  public static String inspect(Path file, ArtifactInspector inspector)
      throws IOException, InterruptedException {
    var store =
        (ObjectStore)
            Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(),
                new Class<?>[] {ObjectStore.class},
                (proxy, method, arguments) -> open(file));
    var hashed =
        new ObjectHasher(store, inspector)
            .hash(ObjectKey.of("file"), Files.size(file), done -> {}, () -> false);
    return hashed.sha256().hex();
  }

  private static Object open(Path file) {
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
