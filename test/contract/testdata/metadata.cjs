// Runs an action's bundle once for each item of a list of {env, now}, and prints a list of {code, log}. All runs are in one process, so
// that the bundle is compiled once: what a run has to itself are its variables, its modules, the clock and the exit status. A run is
// over when nothing is left to wait for.
'use strict';
const fs = require('node:fs');
const {wrap} = require('node:module');
const {dirname} = require('node:path');
const vm = require('node:vm');

const [bundle, list] = process.argv.slice(2);
const runs = JSON.parse(fs.readFileSync(list, 'utf8'));
const load = new vm.Script(wrap(fs.readFileSync(bundle, 'utf8')), {filename: bundle}).runInThisContext();
const print = process.stdout.write.bind(process.stdout);
const results = [];
let log = '';
process.stdout.write = piece => { log += piece; return true; };
process.setMaxListeners(0);

let now = 0;
const Wall = Date;
globalThis.Date = class extends Wall { // stands still
  constructor(...given) { given.length ? super(...given) : super(now); }
  static now() { return now; }
};

function start(run) {
  process.exitCode = 0;
  process.env = run.env;
  now = run.now;
  log = '';
  const module = {exports: {}};
  load.call(module.exports, module.exports, require, module, bundle, dirname(bundle));
}

function finish() {
  results.push({code: process.exitCode, log});
  if (results.length < runs.length) return start(runs[results.length]);
  process.off('beforeExit', finish);
  process.exitCode = 0;
  print(JSON.stringify(results));
}

process.on('beforeExit', finish);
start(runs[0]);
