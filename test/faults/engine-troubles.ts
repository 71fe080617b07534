import { setTimeout as pause } from 'node:timers/promises';
import { freezeEngine, killEngine, startEngine, stopEngine, thawEngine } from '../../deploy/engines/control.ts';
import type { EngineName } from '../../deploy/engines/engine.ts';
import { ENGINE_SETS, type EngineSet } from '../../deploy/engines/local-engines.ts';
import { REDIS_EMPTIED } from './emptied-redis.ts';
import { ALARMS } from './rabbitmq-alarms.ts';
import type { Trouble } from './trouble.ts';

const DOWN_MS = 3_000;
/** Longer than a node's lease (8 s) and than a consumer's session timeout (10 s). */
const FREEZE_MS = 11_000;
/** Long enough for users to write hundreds of messages that cannot be stored. */
const OUTAGE_MS = 15_000;

async function killed(name: EngineName): Promise<string> {
  await killEngine(name);
  await pause(DOWN_MS);
  await startEngine(name);
  return name;
}

async function restarted(name: EngineName): Promise<string> {
  await stopEngine(name);
  await startEngine(name);
  return name;
}

async function frozen(name: EngineName): Promise<string> {
  freezeEngine(name);
  await pause(FREEZE_MS);
  thawEngine(name);
  return name;
}

/** Redis has all soft state. */
const forgetting = (name: EngineName): Pick<Trouble, 'forgets'> => (name === 'redis' ? { forgets: true } : {});

/** The databases of each set: everything that only Business and the others behind the bus need. */
const STORES: { readonly [S in EngineSet]: { title: string; names: readonly EngineName[] } } = {
  large: { title: 'MySQL, HBase and Elasticsearch are all down (C11)', names: ['mysql', 'hbase', 'elasticsearch'] },
  classic: { title: 'the database is down (C11)', names: ['mysql'] },
};

/** Faults of the engines of a set, one after the other. Each ends with the engine up again. */
export function engineTroubles(set: EngineSet): readonly Trouble[] {
  const { title, names } = STORES[set];
  return [
    ...ENGINE_SETS[set].flatMap(({ name, title }): Trouble[] => [
      { name: `${title} is killed`, ...forgetting(name), run: () => killed(name) },
      { name: `${title} freezes`, ...forgetting(name), run: () => frozen(name) },
      { name: `${title} is restarted`, ...forgetting(name), run: () => restarted(name) },
    ]),
    REDIS_EMPTIED,
    {
      name: title,
      async run() {
        await Promise.all(names.map(killEngine));
        await pause(OUTAGE_MS);
        await Promise.all(names.map(startEngine));
        return names.join(', ');
      },
    },
    ...(ENGINE_SETS[set].some(({ name }) => name === 'rabbitmq') ? ALARMS : []),
  ];
}
