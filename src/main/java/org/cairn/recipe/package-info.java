/** Training configurations: the bytes as they were, and what they resolve to. */
@NullMarked
package org.cairn.recipe;

import org.jspecify.annotations.NullMarked;
