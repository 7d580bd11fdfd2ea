package org.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordsTest {

  @Test
  void splitsAsAShellDoes() {
    assertThat(Words.split("python  train.py --name 'a b' --x=\"c \\\"d\\\"\" e\\ f '' \n"))
        .hasValueSatisfying(words ->
            assertThat(words)
                .containsExactly("python", "train.py", "--name", "a b", "--x=c \"d\"", "e f", ""));
    assertThat(Words.split("a \\\n  b"))
        .hasValueSatisfying(w -> assertThat(w).containsExactly("a", "b"));
    assertThat(Words.split("  \n")).hasValueSatisfying(w -> assertThat(w).isEmpty());
  }

  @Test
  void doesNotGuessWhereAQuoteEnds() {
    assertThat(Words.split("echo 'open")).isEmpty();
  }
}
