package org.cairn.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.cairn.artifact.RangeRequest.Part;
import org.cairn.artifact.RangeRequest.Unsatisfiable;
import org.cairn.artifact.RangeRequest.Whole;
import org.cairn.storage.ByteRange;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RangeRequestTest {

  private static final String ETAG = "\"abc\"";

  private static RangeRequest of(String range, long size) {
    return RangeRequest.of(range, null, ETAG, size);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bytes=0-0                        | 0 | 1
          bytes=0-9                        | 0 | 10
          bytes=3-5                        | 3 | 3
          bytes=9-                         | 9 | 1
          bytes=0-                         | 0 | 10
          bytes=-1                         | 9 | 1
          bytes=-10                        | 0 | 10
          bytes=-11                        | 0 | 10
          bytes=5-9223372036854775807      | 5 | 5
          bytes=5-99999999999999999999999  | 5 | 5
          bytes=-99999999999999999999999   | 0 | 10
          bytes=00000000000000000000003-4  | 3 | 2
          BYTES=3-5                        | 3 | 3
          bytes= 3-5                       | 3 | 3
          """)
  void oneRangeIsAnswered(String range, long offset, long length) {
    assertThat(of(range, 10)).isEqualTo(new Part(new ByteRange(offset, length)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes=10-",
        "bytes=10-20",
        "bytes=9223372036854775807-",
        "bytes=99999999999999999999-",
        "bytes=-0",
        "bytes=-000"
      })
  void beyondTheEndIsNothing(String range) {
    assertThat(of(range, 10)).isInstanceOf(Unsatisfiable.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=5",
        "bytes=5-3",
        "bytes=a-b",
        "bytes=1-2,4-5",
        "bytes=1-2,",
        "items=0-1",
        "bytes=+1-2",
        "bytes=1--2",
        "bytes=0x1-2",
        "bytes 0-1",
        "bytes=1 - 2",
        "bytes=\u0661-\u0662",
        "bytes=0-0bytes=1-1"
      })
  void whatIsNoSingleRangeIsIgnored(String range) {
    assertThat(of(range, 10)).isInstanceOf(Whole.class);
  }

  @Test
  void noRangeIsEverything() {
    assertThat(RangeRequest.of(null, null, ETAG, 10)).isInstanceOf(Whole.class);
  }

  @Test
  void nothingHasNoRanges() {
    assertThat(of("bytes=0-", 0)).isInstanceOf(Unsatisfiable.class);
    assertThat(of("bytes=0-0", 0)).isInstanceOf(Unsatisfiable.class);
    assertThat(of("bytes=-1", 0)).isInstanceOf(Whole.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "null",
      textBlock =
          """
          "abc"                         | true
          null                          | true
          "abd"                         | false
          W/"abc"                       | false
          abc                           | false
          *                             | false
          Sat, 22 Nov 2026 00:00:00 GMT | false
          "abc", "abc"                  | false
          """,
      quoteCharacter = '\'')
  void aRangeIsForOneEntityTag(String ifRange, boolean holds) {
    assertThat(RangeRequest.of("bytes=1-2", ifRange, ETAG, 10))
        .isInstanceOf(holds ? Part.class : Whole.class);
  }

  /** Whatever is sent, the answer lies in the bytes and is what a plain reading says. */
  @RepeatedTest(20)
  void agreesWithAPlainReading(RepetitionInfo repetition) {
    var random = new Random(repetition.getCurrentRepetition());
    for (int i = 0; i < 5_000; i++) {
      long size = random.nextBoolean() ? random.nextLong(20) : random.nextLong(Long.MAX_VALUE);
      long first = random.nextBoolean() ? random.nextLong(20) : random.nextLong(Long.MAX_VALUE);
      long last = random.nextBoolean() ? random.nextLong(20) : random.nextLong(Long.MAX_VALUE);
      var answer = of("bytes=" + first + "-" + last, size);
      if (last < first) {
        assertThat(answer).isInstanceOf(Whole.class);
      } else if (first >= size) {
        assertThat(answer).isInstanceOf(Unsatisfiable.class);
      } else {
        assertThat(answer)
            .isEqualTo(new Part(new ByteRange(first, Math.min(last, size - 1) - first + 1)));
      }
    }
  }

  /** Random characters of the grammar: no exception, and never a byte that is not there. */
  @RepeatedTest(20)
  void survivesNoise(RepetitionInfo repetition) {
    var random = new Random(-repetition.getCurrentRepetition());
    var alphabet = "0123456789--==,, \t\"bytesBYTESW/*\u00fc\u0000";
    for (int i = 0; i < 5_000; i++) {
      var header = new StringBuilder(random.nextBoolean() ? "bytes=" : "");
      for (int n = random.nextInt(40); n > 0; n--) {
        header.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      var ifRange = random.nextInt(4) == 0 ? header.reverse().toString() : null;
      long size = random.nextLong(1_000);
      var answer = RangeRequest.of(header.toString(), ifRange, ETAG, size);
      if (answer instanceof Part(var part)) {
        assertThat(part.offset()).isBetween(0L, size - 1);
        assertThat(part.last()).isBetween(part.offset(), size - 1);
      }
      assertThat(EntityTagList.parse(header.toString()).tags())
          .allMatch(tag -> tag.endsWith("\"") && tag.length() >= 2);
    }
  }
}
