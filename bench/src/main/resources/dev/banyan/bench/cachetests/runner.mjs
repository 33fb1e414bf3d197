// Runs the suite with its own client, in its own chunks, and writes what came of it:
//   node runner.mjs SUITE BASE REPORT PATIENCE_MS [ID]
// SUITE is the suite's folder, BASE the URL of the cache. REPORT gets {"tests":[{"id","name","suite","kind","dependsOn","browserOnly"}],"results":{id:true|[name,message]}}.
// With an ID only that test runs, and each request and answer is printed. An answer that does not come within PATIENCE_MS fails its test.
import fs from 'node:fs'
import path from 'node:path'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [suite, base, report, patience, only] = process.argv.slice(2)
const load = file => import(pathToFileURL(path.join(suite, file)))
const patientFetch = createRequire(path.join(suite, 'package.json'))('node-fetch')

const { default: main } = await load('tests/index.mjs')
const { default: surrogates } = await load('tests/surrogate-control.mjs')
const suites = [...main, surrogates]
const tests = suites.flatMap(each => each.tests.map(test => ({
  id: test.id,
  name: test.name,
  suite: each.id,
  kind: test.kind || 'required',
  dependsOn: test.depends_on || [],
  browserOnly: test.browser_only === true
})))

let results = {}
if (base !== '-') {
  const runner = await load('client/runner.mjs')
  const chosen = suites.map(each => ({ ...each, tests: each.tests.filter(test => !only || test.id === only) })).filter(each => each.tests.length > 0)
  if (only) chosen.forEach(each => each.tests.forEach(test => { test.dump = true }))
  await runner.runTests(chosen, (url, init) => patientFetch(url, { ...init, timeout: Number(patience) }), false, base)
  results = runner.getResults()
}
fs.writeFileSync(report, JSON.stringify({ tests, results }))
