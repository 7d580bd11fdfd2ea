package org.cairn.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalNamesTest {

  private final CanonicalNames names = new CanonicalNames();

  @ParameterizedTest
  @CsvSource({
    // GPT-NeoX, transformers (Pythia)
    "gpt_neox.embed_in.weight, embedding.weight",
    "gpt_neox.layers.0.input_layernorm.bias, layers.0.input_norm.bias",
    "gpt_neox.layers.11.attention.query_key_value.weight, layers.11.attention.query_key_value.weight",
    "gpt_neox.layers.11.attention.dense.bias, layers.11.attention.output.bias",
    "gpt_neox.layers.3.post_attention_layernorm.weight, layers.3.post_attention_norm.weight",
    "gpt_neox.layers.3.mlp.dense_h_to_4h.weight, layers.3.mlp.up.weight",
    "gpt_neox.layers.3.mlp.dense_4h_to_h.weight, layers.3.mlp.down.weight",
    "gpt_neox.final_layer_norm.weight, final_norm.weight",
    "embed_out.weight, unembedding.weight",
    // GPT-NeoX
    "sequential.0.word_embeddings.weight, embedding.weight",
    "sequential.2.attention.query_key_value.weight, layers.0.attention.query_key_value.weight",
    "sequential.13.mlp.dense_4h_to_h.bias, layers.11.mlp.down.bias",
    "sequential.9.norm.weight, final_norm.weight",
    "sequential.35.norm.scale, final_norm.weight",
    "sequential.10.final_linear.weight, unembedding.weight",
    // Llama, OLMo and OLMo 2, transformers; exports of Levanter
    "model.embed_tokens.weight, embedding.weight",
    "model.layers.0.self_attn.q_proj.weight, layers.0.attention.query.weight",
    "model.layers.31.self_attn.k_proj.bias, layers.31.attention.key.bias",
    "model.layers.31.self_attn.o_proj.weight, layers.31.attention.output.weight",
    "model.layers.31.self_attn.q_norm.weight, layers.31.attention.query_norm.weight",
    "model.layers.31.post_feedforward_layernorm.weight, layers.31.post_mlp_norm.weight",
    "model.layers.0.mlp.gate_proj.weight, layers.0.mlp.gate.weight",
    "model.norm.weight, final_norm.weight",
    "lm_head.weight, unembedding.weight",
    // OLMo
    "transformer.wte.weight, embedding.weight",
    "transformer.blocks.0.att_proj.weight, layers.0.attention.query_key_value_blocks.weight",
    "transformer.blocks.15.attn_out.weight, layers.15.attention.output.weight",
    "transformer.blocks.15.ff_proj.weight, layers.15.mlp.up_gate.weight",
    "transformer.blocks.15.ff_out.weight, layers.15.mlp.down.weight",
    "transformer.blocks.15.k_norm.weight, layers.15.attention.key_norm.weight",
    "model.transformer.blocks.15.ff_out.weight, layers.15.mlp.down.weight",
    "transformer.ff_out.weight, unembedding.weight",
    "transformer.ln_f.weight, final_norm.weight",
    // OLMo-core
    "blocks.63.attention.w_q.weight, layers.63.attention.query.weight",
    "blocks.0.feed_forward.w2.weight, layers.0.mlp.down.weight",
    "lm_head.w_out.weight, unembedding.weight",
    // BERT
    "bert.embeddings.word_embeddings.weight, embedding.weight",
    "bert.encoder.layer.0.attention.self.query.weight, layers.0.attention.query.weight",
    "encoder.layer.11.output.dense.bias, layers.11.mlp.down.bias",
    "bert.encoder.layer.0.attention.output.LayerNorm.gamma, layers.0.attention_output_norm.weight",
    "bert.encoder.layer.0.output.LayerNorm.bias, layers.0.mlp_output_norm.bias",
    "cls.predictions.bias, unembedding.bias",
    "cls.seq_relationship.weight, next_sentence.weight",
    // Levanter
    "model.transformer.layers.stacked.self_attn.q_proj.weight, layers.stacked.attention.query.weight",
    "embeddings.token_embeddings.weight, embedding.weight",
  })
  void everyFamilyHasTheSameName(String spelling, String canonical) {
    assertThat(names.canonical(spelling)).contains(canonical);
    assertThat(names.candidates(canonical)).contains(spelling).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "weight",
        "layers.0.attention.query.weight",
        "gpt_neox.layers.0.attention.masked_bias",
        "gpt_neox.layers.0.attention.rotary_emb.inv_freq",
        "gpt_neox.layers.00.attention.dense.bias",
        "gpt_neox.layers.-1.attention.dense.bias",
        "gpt_neox.layers.512.attention.dense.bias",
        "gpt_neox.layers.99999999999999999999.attention.dense.bias",
        "gpt_neox.layers.{}.attention.dense.bias",
        "gpt_neox.layers.0.0.attention.dense.bias",
        "sequential.0.attention.dense.bias",
        "sequential.1.attention.dense.bias",
        "exp_avg.gpt_neox.embed_in.weight",
        "attention.query_key_value.weight",
        "bert/encoder/layer_0/attention/self/query/kernel",
      })
  void whatIsNotInTheTableHasNone(String spelling) {
    assertThat(names.canonical(spelling)).isEmpty();
  }

  @Test
  void whatIsFusedIsNotWhatIsSingle() {
    var single = names.candidates("layers.0.attention.query.weight");
    assertThat(single)
        .contains("model.layers.0.self_attn.q_proj.weight")
        .doesNotContain(
            "gpt_neox.layers.0.attention.query_key_value.weight",
            "transformer.blocks.0.att_proj.weight",
            "transformer.layers.stacked.self_attn.q_proj.weight");
    assertThat(names.candidates("layers.0.attention.query_key_value.weight"))
        .doesNotContain("transformer.blocks.0.att_proj.weight");
  }

  @Test
  void candidatesAreFewAndAllHaveThatName() {
    for (var canonical :
        Set.of("embedding.weight", "final_norm.weight", "layers.511.mlp.up.weight")) {
      assertThat(names.candidates(canonical))
          .hasSizeBetween(4, 1_200)
          .allSatisfy(spelling -> assertThat(names.canonical(spelling)).contains(canonical));
    }
    assertThat(names.candidates("layers.512.mlp.up.weight")).isEmpty();
    assertThat(names.candidates("layers.{}.mlp.up.weight")).isEmpty();
    assertThat(names.candidates("anything")).isEmpty();
  }

  @Test
  void theExampleRunIsCovered() {
    var layers =
        Stream.of(
                "attention.dense",
                "attention.query_key_value",
                "input_layernorm",
                "mlp.dense_4h_to_h",
                "mlp.dense_h_to_4h",
                "post_attention_layernorm")
            .map(module -> "gpt_neox.layers.1." + module);
    Stream.concat(layers, Stream.of("gpt_neox.final_layer_norm"))
        .flatMap(module -> Stream.of(module + ".weight", module + ".bias"))
        .forEach(spelling -> assertThat(names.canonical(spelling)).isPresent());
  }
}
