/**
 * Checkpoints of a run: registration singly and in bulk, files, labels, selection, manifests,
 * sealing.
 */
@NullMarked
package org.cairn.checkpoint;

import org.jspecify.annotations.NullMarked;
