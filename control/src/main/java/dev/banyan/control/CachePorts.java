package dev.banyan.control;

/** The cache outside control. */
public record CachePorts(CacheNodes nodes, CacheDoor door) {}
