import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Nouns that every programmer of servers or pages understands the same way. */
const COMMON = new Set(
  `access account address alarm api argument arrival attempt attribute backup batch batcher body bound broker bucket budget
  cache call caller cell change channel check choice client clock cluster code command comment condition config connection
  constructor consumer content context cost count counter credential data database decision delay delivery destination detail dialog
  directory dispatcher document dot driver emitter endpoint engine entry environment error exception exporter factory family
  fault field file fixture flag folder format frame function gate gauge generation group guard handler harness head header
  heartbeat histogram history hit hook host hour icon id index info input installation issuer item json key kind label lane
  language level limit line link list listener locator lock log logger mail manifest map marker master match measure menu
  merge message metric migration mode model module name network notice notification number object operation option order
  origin outbox outcome output package page pair panel part past path pattern piece pin plan point policy pool port preference
  problem process profile progress promise prop property provider proxy publication publisher query queue random range rate
  reader reason record recorder recovery reference refusal region registration registrar registry relation reply report
  reporter request resource response rest result revocation review role root route router row rule run sample sampler schema
  scope screen script search second section secret segment selection sender sequence serializer server set setting shape side
  sign signal size slot snapshot socket source spec stack stage statement state step stop store stream string style subject
  subprotocol subscription summary supervisor sweeper switch symbol sync table tag target task telemetry term test text theme
  tick time timer title token tool tracker traffic transaction transfer transport tree trigger trust type unit url use user
  value variable verifier version view visit watch watcher way window word work worker world writer zone
  age answer appender arg asker binary business certificate chat collapse column compression connect copier core crowd cutter
  email gateway hub http like login mutation parcel password person picture receiver restart splitter tls troubles trouble
  tracing thread card location quote download player uploader zoom`.split(/\s+/),
);

function exportedTypes(): { name: string; file: string }[] {
  const files = globSync(['{apps,libs}/**/src/**/*.{ts,tsx}'], {
    cwd: root,
    exclude: (path) => path.endsWith('node_modules') || path.endsWith('testing') || path.endsWith('contracts'),
  }).filter((file) => !/\.test\.tsx?$|\.d\.ts$/.test(file));
  return files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/^export (?:abstract )?(?:interface|type|class) (\w+)/gm)].map(
      ([, name = '']) => ({ name, file }),
    ),
  );
}

/** Adjectives after the noun, or names that are a state alone: a message that is unsent, a device that was seen. */
const BEHIND =
  /^(?:of|by|for|ins?|out|off|able|to|send|meta|\w+ed|flushable|shown|seen|told|held|unsent|sent|given|outgoing|kept)$/;

/** The last noun of a name, in the singular; empty if there is none. */
function nounOf(name: string): string {
  const words = (name.match(/[A-Z]+(?![a-z])|[A-Z][a-z0-9]*/g) ?? [name]).map((word) => word.toLowerCase());
  while (BEHIND.test(words.at(-1) ?? '')) words.pop();
  return singular(words.at(-1) ?? '');
}

function singular(word: string): string {
  if (word === 'indices') return 'index';
  if (word.endsWith('sses')) return word.slice(0, -2);
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return /(?:ss|us|is|tls)$/.test(word) ? word : word.replace(/s$/, '');
}

test('the noun of every exported type is in the glossary, or a word that everybody knows', () => {
  const glossary = readFileSync(join(root, 'docs/glossary.md'), 'utf8').toLowerCase();
  const terms = new Set(
    [...glossary.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, term = '']) => (term.match(/[a-z]+/g) ?? []).map(singular)),
  );
  for (const [, term = ''] of glossary.matchAll(/\*([a-z]+)\*/g)) terms.add(singular(term));
  const types = exportedTypes();
  expect(types.length).toBeGreaterThan(700);
  const unknown = types.filter(
    ({ name }) => nounOf(name) !== '' && !terms.has(nounOf(name)) && !COMMON.has(nounOf(name)),
  );
  expect(unknown.map(({ name, file }) => `${name} in ${file}`)).toEqual([]);
});
