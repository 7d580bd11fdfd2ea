package org.cairn.trajectory;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** A piece that will be read soon: a small one is fetched already, by a thread of its own. */
final class ComingPiece {

  private static final int BUFFER = 64 << 10;

  private final Piece piece;
  private final @Nullable FutureTask<byte[]> fetch;
  private @Nullable InputStream opened;

  private ComingPiece(Piece piece, @Nullable FutureTask<byte[]> fetch) {
    this.piece = piece;
    this.fetch = fetch;
  }

  /** Starts to fetch it. */
  static ComingPiece fetched(Piece piece) {
    var fetch = new FutureTask<>(() -> fetch(piece));
    Thread.ofVirtual().name("tensor-ahead").start(fetch);
    return new ComingPiece(piece, fetch);
  }

  /** Leaves it where it is until it is opened. */
  static ComingPiece unfetched(Piece piece) {
    return new ComingPiece(piece, null);
  }

  private static byte[] fetch(Piece piece) throws IOException {
    try (var stream = piece.open()) {
      // Into one array of the right size: the other readNBytes reads 16 KiB at a time and joins
      // them.
      var bytes = new byte[(int) piece.size()];
      if (stream.readNBytes(bytes, 0, bytes.length) < bytes.length) {
        throw ended();
      }
      return bytes;
    }
  }

  static EOFException ended() {
    return new EOFException("the store has less than the index says");
  }

  long size() {
    return piece.size();
  }

  boolean isFetched() {
    return fetch != null;
  }

  /** Whether its bytes go from the store to the reader without being held. */
  boolean passesThrough() {
    return piece.stored() && fetch == null;
  }

  /** Waits for its first byte; throws what reading threw. */
  void await() throws IOException {
    if (fetch != null) {
      bytes(fetch);
    } else {
      opened = new BufferedInputStream(piece.open(), BUFFER);
      opened.mark(1);
      if (opened.read() < 0) {
        throw ended();
      }
      opened.reset();
    }
  }

  /** Its bytes; the caller closes the stream. */
  InputStream open() throws IOException {
    if (fetch != null) {
      return new ByteArrayInputStream(bytes(fetch));
    }
    return opened != null ? opened : piece.open();
  }

  private static byte[] bytes(FutureTask<byte[]> fetch) throws IOException {
    try {
      return fetch.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case RuntimeException fault -> throw fault;
        case null, default -> throw new IOException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
    }
  }

  /** Nobody will read it: interrupts its thread, which closes what it reads from. */
  void drop() throws IOException {
    if (fetch != null) {
      fetch.cancel(true);
    }
    if (opened != null) {
      opened.close();
    }
  }
}
