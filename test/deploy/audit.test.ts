import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { advisoriesIn } from '../../deploy/audit/advisories.ts';
import { isPermitted } from '../../deploy/audit/licences.ts';
import { faultsOf, type LockEntry } from '../../deploy/audit/lockfile.ts';
import { RULES } from '../../deploy/audit/rules.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const good: LockEntry = { version: '1.0.0', integrity: 'sha512-x', license: 'MIT' };
const rules = { licences: { 'old@1.0.0': 'MIT' }, installScripts: { seen: false } };
const faults = (name: string, change: LockEntry) =>
  faultsOf({ '': {}, 'apps/api': { link: true }, [`node_modules/${name}`]: { ...good, ...change } }, rules);

describe('the packages', () => {
  test('of this project are as the rules say', () => {
    const { packages } = read('package-lock.json');
    expect(faultsOf(packages, { ...RULES, installScripts: read('package.json').allowScripts })).toEqual([]);
    expect(Object.keys(packages).length).toBeGreaterThan(100);
  });

  test('a rule for a package that is not there any more is taken out', () => {
    const { packages } = read('package-lock.json');
    const present = Object.entries<LockEntry>(packages).map(
      ([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`,
    );
    expect(Object.keys(RULES.licences).filter((name) => !present.includes(name))).toEqual([]);
  });

  test.each<[string, LockEntry, string | null]>([
    ['fine', {}, null],
    ['fine', { resolved: 'https://registry.example/fine/-/fine-1.0.0.tgz' }, null],
    ['seen', { hasInstallScript: true }, null],
    // npm fetches it on that platform, where no test would notice a substituted package.
    [
      '@other/platform',
      { integrity: undefined as never, optional: true, os: ['win32'] } as LockEntry,
      'has no digest that its content is held to',
    ],
    ['old', { license: undefined as never }, null],
    ['forked', { resolved: 'git+ssh://git@example.org/forked.git#abc' }, 'does not come from a registry'],
    ['loose', { integrity: undefined as never }, 'has no digest that its content is held to'],
    ['weak', { integrity: 'sha1-x' }, 'has a digest that is too weak'],
    ['gone', { deprecated: 'use another' }, 'is deprecated: use another'],
    ['busy', { hasInstallScript: true }, 'runs a script when it is installed, and nobody looked at it'],
    ['silent', { license: undefined as never }, 'does not say its licence'],
    ['viral', { license: 'AGPL-3.0-only' }, 'has a licence that is not on the list: AGPL-3.0-only'],
  ])('%s with %j', (name, change, fault) => {
    expect(faults(name, change)).toEqual(fault === null ? [] : [`${name}@1.0.0 ${fault}`]);
  });
});

test.each([
  ['MIT', true],
  ['GPL-3.0-only', false],
  ['MIT OR GPL-3.0-only', true],
  ['GPL-3.0-only OR AGPL-3.0-only', false],
  ['MIT AND GPL-3.0-only', false],
  ['(BSD-3-Clause AND Apache-2.0)', true],
  ['GPL-2.0-only OR (MIT AND GPL-3.0-only)', false],
  ['(GPL-2.0-only AND MIT) OR ISC', true],
  ['MIT nonsense', false],
  ['(MIT', false],
  ['SEE LICENSE IN LICENSE.txt', false],
  ['', false],
])('the licence "%s" is permitted: %s', (expression, expected) => {
  expect(isPermitted(expression)).toBe(expected);
});

describe('known flaws', () => {
  test('are faults from high on', () => {
    const vulnerabilities = {
      a: { range: '<2', via: [{ severity: 'critical', title: 'runs what it reads' }] },
      b: { range: '1.x', via: ['a', { severity: 'high', title: 'stops' }] },
      'uses a': { range: '*', via: ['a'] },
      c: { range: '*', via: [{ severity: 'moderate', title: 'is slow' }] },
    };
    const output = JSON.stringify({ vulnerabilities });
    const [a, b] = ['a <2 has a known flaw (critical): runs what it reads', 'b 1.x has a known flaw (high): stops'];
    expect(advisoriesIn(output)).toEqual({ faults: [a, b] });
    expect(advisoriesIn(output, { b: 'cannot be reached' })).toEqual({ faults: [a] });
    expect(advisoriesIn('{"vulnerabilities":{}}')).toEqual({ faults: [] });
  });

  test('are not taken for absent where the registry does not answer; its host is not repeated', () => {
    const message = '405 Method Not Allowed - POST https://registry.example/-/npm/v1/security';
    expect(advisoriesIn(JSON.stringify({ message }))).toEqual({ unanswered: '405 Method Not Allowed' });
    expect(advisoriesIn('')).toEqual({ unanswered: 'npm audit printed no report' });
  });
});
