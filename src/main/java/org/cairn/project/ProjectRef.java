package org.cairn.project;

import java.util.UUID;

/** A project that exists; {@code name} is as its owner spelt it. */
public record ProjectRef(UUID id, String name) {}
