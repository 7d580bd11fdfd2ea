package org.cairn.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cairn.storage.PartInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadersTest {

  private static final String ETAG = "\"abc\"";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          "abc"                | true  | true
          *                    | true  | true
          W/"abc"              | false | true
          "x", "abc"           | true  | true
          "x" ,W/"abc","y"     | false | true
          "x,abc"              | false | false
          "ab"                 | false | false
          abc                  | false | false
          "abc                 | false | false
          "W/","abc"           | true  | true
          """)
  void entityTagsAreCompared(String header, boolean strongly, boolean weakly) {
    assertThat(EntityTagList.matches(header, ETAG)).isEqualTo(strongly);
    assertThat(EntityTagList.matchesWeakly(header, ETAG)).isEqualTo(weakly);
  }

  @Test
  void noHeaderIsNoCondition() {
    assertThat(EntityTagList.matches(null, ETAG)).isTrue();
    assertThat(EntityTagList.matchesWeakly(null, ETAG)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          model.safetensors        | attachment; filename="model.safetensors"
          a/b/c (1).bin            | attachment; filename="c (1).bin"
          naïve.txt                | attachment; filename="na_ve.txt"; filename*=UTF-8''na%C3%AFve.txt
          a"b\\c.txt               | attachment; filename="a_b_c.txt"; filename*=UTF-8''a%22b%5Cc.txt
          100%.txt                 | attachment; filename="100_.txt"; filename*=UTF-8''100%25.txt
          日本                     | attachment; filename="__"; filename*=UTF-8''%E6%97%A5%E6%9C%AC
          """)
  void fileNamesAreEncoded(String path, String header) {
    assertThat(ContentDisposition.attachment(path)).isEqualTo(header);
  }

  @Test
  void fileNamesCannotBreakOut() {
    var header = ContentDisposition.attachment("a\r\nSet-Cookie: x=y\u0000\u007f\uD83D\uDDFF");
    assertThat(header).matches("[ -~]+").doesNotContain("\r", "\n");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 16777216, 16777216, 1, 0",
    "1, 16777216, 16777216, 1, 1",
    "16777216, 16777216, 16777216, 1, 16777216",
    "16777217, 16777216, 16777216, 2, 1",
    "100, 1, 5242880, 1, 100",
    "52428800000, 5242880, 5242880, 10000, 5242880",
    "52428800001, 5242880, 6291456, 8334, 2097153",
    "5497558138880, 16777216, 550502400, 9987, 241172480",
    "21474836481, 10737418240, 5368709120, 5, 1",
  })
  void partsAreFewEnough(long size, long wanted, long partSize, int count, long last) {
    var plan = PartPlan.of(size, wanted);
    assertThat(plan.partSize()).isEqualTo(partSize);
    assertThat(plan.partCount()).isEqualTo(count);
    assertThat(plan.sizeOf(count)).isEqualTo(last);
    assertThat((count - 1) * partSize + last).isEqualTo(size);
    assertThat(plan.has(0)).isFalse();
    assertThat(plan.has(count + 1)).isFalse();
  }

  @Test
  void faultsAreBounded() {
    var plan = PartPlan.of(1_000L << 20, 5 << 20);
    var check =
        PartCheck.of(plan, List.of(new PartInfo(2, 5 << 20, "e"), new PartInfo(9_999, 1, "e")));
    assertThat(check.faults()).hasSize(200);
    assertThat(check.toSend(plan)).hasSize(199).doesNotContain(2, 9_999);
    assertThat(check.problem().violations()).hasSize(100);
    assertThat(check.describe()).contains("part 1 is missing").endsWith("and 100 more");
  }
}
