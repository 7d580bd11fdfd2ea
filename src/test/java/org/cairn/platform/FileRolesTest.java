package org.cairn.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileRolesTest {

  @ParameterizedTest
  @CsvSource({
    "model.safetensors, weights",
    "model-00001-of-00002.safetensors, weights",
    "pytorch_model-00001-of-00002.bin, weights",
    "consolidated.00.pth, weights",
    "mp_rank_00_model_states.pt, weights",
    "layer_00-model_00-model_states.pt, weights",
    "model.pt, weights",
    "model.safetensors.index.json, shard-index",
    "config.json, config",
    "generation_config.json, config",
    "config.yaml, config",
    "tokenizer.json, tokenizer",
    "tokenizer_config.json, tokenizer",
    "tokenizer.model, tokenizer",
    "special_tokens_map.json, tokenizer",
    "vocab.txt, tokenizer",
    "merges.txt, tokenizer",
    "state/model.safetensors, weights",
    "state/optimizer.safetensors, optimizer",
    "optimizer.pt, optimizer",
    "optim.pt, optimizer",
    "zero_pp_rank_0_mp_rank_00_optim_states.pt, optimizer",
    "bf16_zero_pp_rank_0_mp_rank_00_optim_states.pt, optimizer",
    "state/rng.safetensors, rng",
    "rng_state_0.pth, rng",
    "scheduler.pt, scheduler",
    "dataloader.json, dataloader",
    "metrics.csv, log",
    "events.out.tfevents.1.host, log",
    "state/trainer.json, other",
    "trainer_state.json, other",
    "training_args.bin, other",
    "README.md, other",
    "notes.bin, other"
  })
  void knowsTheConventions(String path, String role) {
    assertThat(FileRoles.role(path)).isEqualTo(role);
  }

  @Test
  void setsResumePointsApart() {
    assertThat(FileRoles.representation("state/model.safetensors")).isEqualTo("state");
    assertThat(FileRoles.representation("model.safetensors")).isNull();
    assertThat(FileRoles.representation("statement.txt")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "a/b.JSON, application/json",
    "config.yaml, application/yaml",
    "LICENSE, text/plain",
    "model.safetensors, application/octet-stream",
    "noextension, application/octet-stream"
  })
  void namesMediaTypes(String path, String mediaType) {
    assertThat(FileRoles.mediaType(path)).isEqualTo(mediaType);
  }
}
