package org.cairn.trajectory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.cairn.storage.ByteRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SeriesStreamTest {

  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();

  private Piece stored(byte[] bytes) {
    return new Piece(
        bytes.length,
        true,
        (from, length) -> {
          opened.incrementAndGet();
          open.incrementAndGet();
          return new FilterInputStream(new ByteArrayInputStream(bytes, (int) from, (int) length)) {
            @Override
            public void close() throws IOException {
              open.decrementAndGet();
              super.close();
            }
          };
        });
  }

  private List<Piece> stored(int count, int size) {
    var pieces = new ArrayList<Piece>();
    var bytes = new byte[size];
    for (int i = 0; i < count; i++) {
      pieces.add(stored(bytes));
    }
    return pieces;
  }

  private void await(AtomicInteger number, int expected) throws InterruptedException {
    for (int i = 0; i < 500 && number.get() != expected; i++) {
      Thread.sleep(10);
    }
    assertThat(number).hasValue(expected);
  }

  @Test
  void hasTheBytesOfAllPiecesAndOfEveryRange() throws IOException {
    var random = new Random(1);
    var pieces = new ArrayList<Piece>();
    var all = new java.io.ByteArrayOutputStream();
    for (int i = 0; i < 30; i++) {
      var bytes = new byte[i % 7 == 3 ? 0 : random.nextInt(50)];
      random.nextBytes(bytes);
      pieces.add(i % 3 == 0 ? Piece.of(bytes) : stored(bytes));
      all.writeBytes(bytes);
    }
    var expected = all.toByteArray();
    assertThat(Piece.size(pieces)).isEqualTo(expected.length);
    for (int from = 0; from < expected.length; from += 11) {
      for (int to : List.of(from + 1, (from + expected.length + 1) / 2, expected.length)) {
        if (to > from) {
          var cut = Piece.cut(pieces, new ByteRange(from, to - from));
          try (var stream = SeriesStream.open(cut)) {
            assertThat(stream.readAllBytes()).isEqualTo(Arrays.copyOfRange(expected, from, to));
            assertThat(stream.read()).isNegative();
          }
        }
      }
    }
    assertThat(open).hasValue(0);
  }

  @Test
  void fetchesAFewAheadAndNoMoreUntilTheyAreRead() throws Exception {
    try (var stream = SeriesStream.open(stored(100, 1000))) {
      await(opened, SeriesStream.AHEAD);
      assertThat(stream.readNBytes(1500)).hasSize(1500);
      await(opened, SeriesStream.AHEAD + 2);
      Thread.sleep(Duration.ofMillis(50));
      assertThat(opened).hasValue(SeriesStream.AHEAD + 2);
    }
    await(open, 0);
  }

  @Test
  void holdsABoundedNumberOfBytes() throws Exception {
    int size = SeriesStream.SMALL;
    try (var stream = SeriesStream.open(stored(20, size))) {
      await(opened, SeriesStream.HELD / size);
      assertThat(stream.read()).isZero();
      Thread.sleep(Duration.ofMillis(50));
      // The piece that is being read is held too.
      assertThat(opened).hasValue(SeriesStream.HELD / size);
      stream.skipNBytes(size);
      await(opened, SeriesStream.HELD / size + 1);
    }
  }

  @Test
  void largePiecesPassThroughOneByOne() throws Exception {
    int size = SeriesStream.SMALL + 1;
    var pieces = stored(3, size);
    pieces.add(1, Piece.of(new byte[10]));
    try (var stream = SeriesStream.open(pieces)) {
      assertThat(opened).hasValue(1);
      stream.skipNBytes(size + 10);
      assertThat(opened).hasValue(1);
      assertThat(stream.read()).isZero();
      assertThat(opened).hasValue(2);
      assertThat(open).hasValue(1);
    }
    assertThat(open).hasValue(0);
  }

  @Test
  void aStoreThatFailsAtOnceIsNoticedBeforeAnythingIsRead() {
    for (int size : List.of(10, SeriesStream.SMALL + 1)) {
      var pieces = stored(3, size);
      pieces.addFirst(
          new Piece(
              size,
              true,
              (from, length) -> {
                throw new UncheckedIOException(new IOException("away"));
              }));
      pieces.addFirst(Piece.of(new byte[5]));
      assertThatThrownBy(() -> SeriesStream.open(pieces)).hasMessageContaining("away");
    }
  }

  @Test
  void aStoreThatHasLessIsAFailureAndNotTheEnd() throws Exception {
    for (int size : List.of(10, SeriesStream.SMALL + 1)) {
      var pieces = stored(1, size);
      pieces.add(new Piece(size, true, (from, length) -> new ByteArrayInputStream(new byte[7])));
      pieces.addAll(stored(1, size));
      try (var stream = SeriesStream.open(pieces)) {
        assertThatThrownBy(stream::readAllBytes).isInstanceOf(EOFException.class);
        assertThatThrownBy(stream::readAllBytes).isInstanceOf(EOFException.class);
      }
    }
    await(open, 0);
  }

  @Test
  void closingStopsWhatIsBeingFetched() throws Exception {
    var begun = new CountDownLatch(SeriesStream.AHEAD - 1);
    var interrupted = new CountDownLatch(SeriesStream.AHEAD - 1);
    var pieces = stored(1, 10);
    for (int i = 1; i < 20; i++) {
      pieces.add(
          new Piece(
              10,
              true,
              (from, length) ->
                  new InputStream() {
                    @Override
                    public int read() throws IOException {
                      return read(new byte[1], 0, 1);
                    }

                    @Override
                    public int read(byte[] buffer, int offset, int length) throws IOException {
                      begun.countDown();
                      try {
                        Thread.sleep(Duration.ofMinutes(1));
                      } catch (InterruptedException e) {
                        throw new IOException(e);
                      }
                      return 0;
                    }

                    @Override
                    public void close() {
                      interrupted.countDown();
                    }
                  }));
    }
    var stream = SeriesStream.open(pieces);
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    stream.close();
    assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(stream::read).isInstanceOf(IOException.class);
  }
}
