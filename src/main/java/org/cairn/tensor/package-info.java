/** Safetensors: index, digests and statistics of tensors, and one tensor through time. */
@NullMarked
package org.cairn.tensor;

import org.jspecify.annotations.NullMarked;
