/**
 * The site file: YAML to a {@link dev.banyan.topology.Topology}, everything that is wrong at once, and the difference between two sites.
 *
 * <p>Start at {@link dev.banyan.topology.file.SiteFile}. The way of a file: {@code TreeReader} makes a tree of YAML with places,
 * {@code SiteReader} turns it into records along their {@code Shape} (made from the records' components and annotations), {@code SiteCheck}
 * looks at what holds between keys. The JSON schema and the reference page are made from the same shapes, by tests that keep them equal.
 */
package dev.banyan.topology.file;
