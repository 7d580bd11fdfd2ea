package org.cairn.hub;

import java.nio.charset.StandardCharsets;
import org.cairn.platform.FileEntry;
import org.cairn.platform.Sha1;

/**
 * What Git would keep of a file of Git LFS. Every file is shown as one of those, whatever its size:
 * the digest that clients check is SHA-256 then, which is known, and not a digest of Git's.
 *
 * @param oid of the pointer in Git
 * @param size of the pointer
 */
record LfsPointer(String oid, int size) {

  static LfsPointer of(FileEntry file) {
    var text =
        "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n"
            .formatted(file.sha256(), file.size());
    int size = text.getBytes(StandardCharsets.UTF_8).length;
    return new LfsPointer(Sha1.of("blob " + size + "\0" + text), size);
  }
}
