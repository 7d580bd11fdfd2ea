package org.cairn.xet;

import java.io.IOException;
import java.io.InputStream;
import org.cairn.artifact.MalformedContentException;

/** Reads chunks one after the other; keeps no more than one. */
final class ChunkReader {

  private final byte[] stored = new byte[ChunkHeader.MAX_SIZE + (4 << 10)];
  private final byte[] bytes = new byte[ChunkHeader.MAX_SIZE];
  private final byte[] grouped = new byte[ChunkHeader.MAX_SIZE];

  /** The bytes of the chunk that was read last. */
  byte[] bytes() {
    return bytes;
  }

  /** Reads the next chunk; answers how many bytes it has. */
  int read(InputStream in) throws IOException {
    fill(in, ChunkHeader.BYTES);
    var header = ChunkHeader.parse(stored, 0);
    fill(in, header.stored());
    switch (header.scheme()) {
      case NONE -> System.arraycopy(stored, 0, bytes, 0, header.size());
      case LZ4 -> Lz4Frame.read(stored, header.stored(), bytes, header.size());
      case GROUPED_LZ4 -> {
        Lz4Frame.read(stored, header.stored(), grouped, header.size());
        ungroup(header.size());
      }
    }
    return header.size();
  }

  private void fill(InputStream in, int length) throws IOException {
    if (in.readNBytes(stored, 0, length) < length) {
      throw new MalformedContentException("A chunk is cut off");
    }
  }

  /** Four groups lie one behind the other; earlier ones have what does not divide by four. */
  private void ungroup(int size) {
    int from = 0;
    for (int group = 0; group < 4; group++) {
      for (int to = group; to < size; to += 4) {
        bytes[to] = grouped[from++];
      }
    }
  }
}
