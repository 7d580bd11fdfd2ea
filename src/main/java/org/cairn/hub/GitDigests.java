package org.cairn.hub;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cairn.artifact.ArtifactReader;
import org.cairn.artifact.ArtifactService;
import org.cairn.artifact.ArtifactState;
import org.cairn.artifact.LocatedArtifacts;
import org.cairn.platform.FileEntry;
import org.cairn.platform.Sha1;
import org.cairn.platform.Sha256;
import org.cairn.storage.ByteRange;

/**
 * The names that Git gives to files: clients compare them with their own to leave out what did not
 * change. They are computed when somebody asks, from bytes of which there are few: only small files
 * are sent in a commit.
 */
@ApplicationScoped
class GitDigests {

  /** Most bytes that are read for one request; a client sends again what is beyond. */
  private static final long BYTES_MAX = 64L << 20;

  private final ArtifactService artifacts;
  private final ArtifactReader reader;

  GitDigests(ArtifactService artifacts, ArtifactReader reader) {
    this.artifacts = artifacts;
    this.reader = reader;
  }

  /** Those of verified files, as long as these are not too many bytes together. */
  Map<Sha256, String> of(Collection<FileEntry> files) {
    var chosen = new LinkedHashMap<Sha256, Long>();
    long bytes = 0;
    for (var file : files) {
      bytes += file.size();
      if (bytes <= BYTES_MAX) {
        chosen.put(file.sha256(), file.size());
      }
    }
    artifacts
        .statuses(chosen.keySet())
        .forEach((sha256, status) -> {
          if (status.state() != ArtifactState.VERIFIED) {
            chosen.remove(sha256);
          }
        });
    var located = reader.locate(chosen.keySet());
    var digests = new HashMap<Sha256, String>();
    chosen.forEach((sha256, size) -> digests.put(sha256, digest(located, sha256, size)));
    return digests;
  }

  private static String digest(LocatedArtifacts located, Sha256 sha256, long size) {
    var digest = Sha1.newDigest();
    digest.update(("blob " + size + "\0").getBytes(StandardCharsets.UTF_8));
    if (size > 0) {
      try (var stream = located.open(sha256, new ByteRange(0, size))) {
        var buffer = new byte[1 << 16];
        for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
          digest.update(buffer, 0, n);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return Sha1.of(digest);
  }
}
