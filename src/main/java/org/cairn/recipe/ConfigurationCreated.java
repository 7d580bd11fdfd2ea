package org.cairn.recipe;

/** A configuration, and whether it is a new one. */
record ConfigurationCreated(ConfigurationView configuration, boolean created) {}
