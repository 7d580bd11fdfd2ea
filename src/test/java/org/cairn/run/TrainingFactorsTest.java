package org.cairn.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingFactorsTest {

  /** Keys of OLMo, GPT-NeoX, transformers and Levanter. */
  @ParameterizedTest
  @CsvSource({
    "seed, seed",
    "data_seed, seed",
    "trainer.seed, seed",
    "run_name, bookkeeping",
    "wandb.group, bookkeeping",
    "optimizer.learning_rate, optimizer",
    "optimizer.params.lr, optimizer",
    "scheduler.t_warmup, optimizer",
    "min_lr, optimizer",
    "train-data-paths, data",
    "data.paths, data",
    "data.paths[3], data",
    "valid-data-paths, evaluation",
    "evaluators[2].label, evaluation",
    "device_eval_batch_size, evaluation",
    "train_micro_batch_size_per_gpu, batch",
    "global_train_batch_size, batch",
    "device_train_microbatch_size, parallelism",
    "per_device_train_batch_size, batch",
    "model-parallel-size, parallelism",
    "zero_optimization.stage, parallelism",
    "fp16.enabled, precision",
    "precision, precision",
    "init_method, initialization",
    "model.init_std, initialization",
    "model.n_layers, model",
    "num-layers, model",
    "attention-dropout, model",
    "hidden_dropout, model",
    "train-iters, length",
    "max_duration, length",
    "lr-decay-iters, optimizer",
    "load_path, start",
    "restore_dataloader, start",
    "save_interval, checkpointing",
    "extra-save-iters, checkpointing",
    "tokenizer.identifier, tokenizer",
    "vocab-file, tokenizer",
    "model_name, bookkeeping",
    "checkpoint_steps, checkpointing",
    "data_order_path, order",
    "parent_step, start",
    "something_else, other"
  })
  void everyKeyBelongsToAFactor(String key, String factor) {
    assertThat(TrainingFactors.ofKey(key)).isEqualTo(factor);
  }

  @ParameterizedTest
  @CsvSource({
    "seed, seed",
    "weight-seed, seed",
    "size, model",
    "data, data",
    "lr, optimizer",
    "optimizer, optimizer",
    "code, code",
    "intervention, intervention"
  })
  void anAxisStandsForAFactor(String axis, String factor) {
    assertThat(TrainingFactors.ofAxis(axis)).isEqualTo(factor);
  }
}
