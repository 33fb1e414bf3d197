// Runs the suite with its own client, in its own chunks, and writes what came of it:
//   node runner.mjs SUITE BASE REPORT PATIENCE_MS [ID]
// SUITE is the suite's folder: npm's package, or a clone of its repository, whose client fetches and is patient by itself, BASE the URL of the cache. REPORT gets {"tests":[{"id","name","suite","kind","dependsOn","browserOnly"}],"results":{id:true|[name,message]}}.
// With an ID only that test runs, and each request and answer is printed. An answer that does not come within PATIENCE_MS fails its test.
import fs from 'node:fs'
import path from 'node:path'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [suite, base, report, patience, only] = process.argv.slice(2)
const load = file => import(pathToFileURL(path.join(suite, file)))
const cloned = fs.existsSync(path.join(suite, 'test-engine'))

const { default: main } = await load('tests/index.mjs')
const suites = cloned ? main : [...main, (await load('tests/surrogate-control.mjs')).default]
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
  const runner = await load(cloned ? 'test-engine/client/runner.mjs' : 'client/runner.mjs')
  const chosen = suites.map(each => ({ ...each, tests: each.tests.filter(test => !only || test.id === only) })).filter(each => each.tests.length > 0)
  if (only) chosen.forEach(each => each.tests.forEach(test => { test.dump = true }))
  if (cloned) {
    await runner.runTests(chosen, false, base)
  } else {
    const patientFetch = createRequire(path.join(suite, 'package.json'))('node-fetch')
    await runner.runTests(chosen, (url, init) => patientFetch(url, { ...init, timeout: Number(patience) }), false, base)
  }
  results = runner.getResults()
}
fs.writeFileSync(report, JSON.stringify({ tests, results }))
