/**
 * The Hugging Face Hub protocol at the root of the host: a facade over the packages below, without
 * tables or rules of its own. A run is a model repository, a checkpoint one of its branches; a
 * dataset is a dataset repository, a version one of its tags. Not a part of the contract of {@code
 * /v1}: what it answers is what the Hub's clients need.
 */
@NullMarked
package org.cairn.hub;

import org.jspecify.annotations.NullMarked;
