/** Weights through training: tensors, their statistics and their faults, across checkpoints. */
@NullMarked
package org.cairn.trajectory;

import org.jspecify.annotations.NullMarked;
