// Audits the packages that the lockfile names: first from the lockfile alone, then by the registry's advisories if it
// answers. Exit code 1 and one line for each fault.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { advisoriesIn } from './advisories.ts';
import { faultsOf } from './lockfile.ts';
import { RULES } from './rules.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const { packages } = read('package-lock.json');
const faults = faultsOf(packages, { ...RULES, installScripts: read('package.json').allowScripts });

const { stdout } = spawnSync('npm', ['audit', '--json'], { cwd: root, encoding: 'utf8', timeout: 60_000 });
const advisories = advisoriesIn(stdout ?? '', RULES.acceptedFlaws);
if ('faults' in advisories) faults.push(...advisories.faults);
else console.log(`Known vulnerabilities were NOT checked: the registry does not answer (${advisories.unanswered}).`);

for (const fault of faults) console.error(fault);
console.log(`${Object.keys(packages).length} packages checked, ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
