/**
 * What every benchmark of processes stands on: a temporary folder with the programs started in it ({@link dev.banyan.bench.bed.TestBed}), pinned
 * programs and what they use of the machine ({@link dev.banyan.bench.bed.Program}), and the rounds of a comparison
 * ({@link dev.banyan.bench.bed.Rounds}).
 */
package dev.banyan.bench.bed;
