package org.cairn.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.cairn.importer.Listing.Unreadable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvListingTest {

  static Listing listing(String text) throws IOException {
    return CsvListing.read(
        "run.csv", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void everyShapeOfColumnsIsRead() throws IOException {
    assertThat(listing("Step,Checkpoint Directory\n5,https://a.org/r/step5/\n").checkpoints())
        .containsExactly(new ListedCheckpoint(2, "", "", 5, null, "https://a.org/r/step5/"));
    assertThat(
            listing("Ingredient,Step,Checkpoint Directory\r\n3,11931,https://a.org/step11931\r\n")
                .checkpoints())
        .containsExactly(
            new ListedCheckpoint(2, "", "ingredient3", 11_931, null, "https://a.org/step11931"));
    assertThat(
            listing("Stage,Step,Tokens Seen,Checkpoint Directory\n\nstage1,7,6073675153408,x\n")
                .checkpoints())
        .containsExactly(new ListedCheckpoint(3, "stage1", "", 7, 6_073_675_153_408L, "x"));
    assertThat(listing("Ingredient,Step\nsoup,11921\n2,7\n").checkpoints())
        .extracting(ListedCheckpoint::branch, ListedCheckpoint::isMerged)
        .containsExactly(tuple("soup", true), tuple("ingredient2", false));
    assertThat(
            listing("Stage,Step\nstage2_midtraining_ingredient1,7\nstage2_midtraining_souped,7\n")
                .checkpoints())
        .extracting(ListedCheckpoint::stage, ListedCheckpoint::branch, ListedCheckpoint::isMerged)
        .containsExactly(
            tuple("stage2_midtraining", "ingredient1", false),
            tuple("stage2_midtraining", "souped", true));
    assertThat(listing("note, STEP ,url\n\"a, b\",1,\n,2,\"y\"").checkpoints())
        .containsExactly(
            new ListedCheckpoint(2, "", "", 1, null, null),
            new ListedCheckpoint(3, "", "", 2, null, "y"));
  }

  @Test
  void aLineThatNamesNoCheckpointIsTold() throws IOException {
    var read =
        listing(
            "Step,Tokens\n1,5\nx,5\n,5\n2,-1\n99999999999999999999,1\n"
                + "9".repeat(70_000)
                + "\n3,\n");
    assertThat(read.checkpoints()).extracting(ListedCheckpoint::step).containsExactly(1L, 3L);
    assertThat(read.unreadable()).extracting(Unreadable::line).containsExactly(3, 4, 5, 6, 7);
    assertThat(ListingRules.check(read))
        .singleElement()
        .satisfies(fault -> assertThat(fault.kind()).isEqualTo("row-unreadable"))
        .satisfies(fault -> assertThat(fault.evidence().path("rows").asInt()).isEqualTo(5));
  }

  @Test
  void anAddressThatNoLabelHoldsIsTold() throws IOException {
    var read = listing("Step,url\n1,https://a.org/" + "x".repeat(500) + "\n2,y\n");
    assertThat(read.checkpoints()).extracting(ListedCheckpoint::step).containsExactly(2L);
    assertThat(read.unreadable()).extracting(Unreadable::line).containsExactly(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "Stage,Directory\n1,2\n", "{\"Step\":1}", "\u0000\u0001"})
  void whatHasNoStepsIsNoListing(String text) {
    assertThatThrownBy(() -> listing(text))
        .isInstanceOf(UnreadableListingException.class)
        .hasMessageContaining("no column Step");
  }

  @Test
  void aListingIsBounded() {
    assertThatThrownBy(() -> listing("Step\n" + "1\n".repeat(CsvRows.LINES_MAX)))
        .isInstanceOf(UnreadableListingException.class)
        .hasMessage("has more than 1000000 lines");
  }

  @Test
  void noBytesBreakIt() throws IOException {
    var random = new SplittableRandom(3);
    var whole =
        "Stage,Step,Tokens Seen,Checkpoint Directory\nstage1,1,2,https://a.org/step1/\n\"s\"\"2\",3,4,\n"
            .getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 5_000; i++) {
      var bytes = whole.clone();
      for (int j = random.nextInt(8); j >= 0; j--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        var read = CsvListing.read("x", new ByteArrayInputStream(bytes));
        for (var fault : ListingRules.check(read)) {
          assertThat(fault.evidence().path("file").asText()).isEqualTo("x");
        }
      } catch (UnreadableListingException e) {
        assertThat(e).hasMessageContaining("no column Step");
      }
    }
  }
}
