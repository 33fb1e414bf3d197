/**
 * Others' test suites, run through what stands before a server: what failed ({@link dev.banyan.bench.suite.SuiteReport}) beside what is known to
 * fail and why ({@link dev.banyan.bench.suite.Expected}).
 */
package dev.banyan.bench.suite;
