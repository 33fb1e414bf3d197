package dev.banyan.resp;

import dev.banyan.topology.HostPort;

/** A node of the cache. Two with the same name and address are the same. */
public record Node(String name, HostPort address) {}
