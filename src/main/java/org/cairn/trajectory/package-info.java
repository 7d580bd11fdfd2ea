/**
 * What is read along a run: one tensor across its checkpoints, and across those of several runs.
 */
@NullMarked
package org.cairn.trajectory;

import org.jspecify.annotations.NullMarked;
