package org.cairn.importer;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What kind of files an import is of. */
enum ImportForm {
  /**
   * Checkpoint manifests in CSV: those of OLMo, and series with columns for model or seed, such as
   * MultiBERTs.
   */
  @JsonProperty("manifest")
  MANIFEST,
  /** Configurations in YAML or JSON: those of OLMo and GPT-NeoX are understood, others are kept. */
  @JsonProperty("config")
  CONFIG,
  /** Results of lm-evaluation-harness 0.3 and 0.4 in JSON, and tables of results in CSV. */
  @JsonProperty("evaluation")
  EVALUATION,
  /** Phases of one run with a batch schedule, in JSON, as Marin has them. */
  @JsonProperty("phases")
  PHASES,
  /** The launches that runs are made of, in JSON. */
  @JsonProperty("launches")
  LAUNCHES,
  /** Digests that a host publishes of what its revisions have, in CSV. */
  @JsonProperty("digests")
  DIGESTS,
  /** The branches, tags and files of a repository, asked over the Hub's protocol. */
  @JsonProperty("hub")
  HUB,
  /** The plain form of a listing, in JSON, for everything else; and Pythia's schedule. */
  @JsonProperty("listing")
  LISTING;

  /** The spelling on the wire and in the database. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static ImportForm parse(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
