/** Training through time: tensors, and statistics of them, across the checkpoints of a run. */
@NullMarked
package org.cairn.trajectory;

import org.jspecify.annotations.NullMarked;
