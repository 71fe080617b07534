import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isUp, startEngine, stopEngine } from '../../deploy/engines/control.ts';
import type { EngineName } from '../../deploy/engines/engine.ts';
import { ENGINES_FOLDER } from '../../deploy/engines/folders.ts';
import { ENGINE_SETS, type EngineSet } from '../../deploy/engines/local-engines.ts';
import { SmallDisk } from './small-disk.ts';
import type { Trouble } from './trouble.ts';

/** Long enough for users to write hundreds of messages. */
const FULL_MS = 12_000;
/** Users go on before the disk is full. */
const CALM_MS = 3_000;
/** What an engine may take to go on by itself. */
const UNAIDED_MS = 30_000;
const LOOK_MS = 250;
/** RocketMQ refuses messages while less than a tenth is free: so many bytes stay. */
const LEFT: { readonly [N in EngineName]?: number } = { rocketmq: 16e6 };

/**
 * The disk of each engine becomes full while users write, and has room again. What follows until the end of the run, and
 * is judged then, is on the same disk. Needs the right to mount.
 */
export function fullDisks(set: EngineSet | undefined, hasEngine: boolean): readonly Trouble[] {
  const ofSet = set === undefined ? [] : enginesOf(set).map(({ name, title }) => ofEngine(name, title));
  return [...ofSet, ...(hasEngine ? [ofEmbedded(set === undefined)] : [])];
}

/** RabbitMQ takes no messages before its disk is full, which is a fault of its own (`ALARMS`). */
const enginesOf = (set: EngineSet) => ENGINE_SETS[set].filter(({ name }) => name !== 'rabbitmq');

function ofEngine(name: EngineName, title: string): Trouble {
  return {
    name: `the disk of ${title} is full`,
    ...(name === 'redis' ? { forgets: true } : {}),
    async run(_cluster, _pick, later) {
      await stopEngine(name);
      later.defer(() => startEngine(name));
      const disk = later.use(await SmallDisk.inPlaceOf(join(ENGINES_FOLDER, 'data', name)));
      await startEngine(name);
      later.defer(() => stopEngine(name));
      await pause(CALM_MS);
      await disk.fillFor(FULL_MS, LEFT[name]);
      return `${name}, ${await goesOn(name)}`;
    },
  };
}

/** Of the process of the embedded engines. `hasPresence`: in its memory. */
function ofEmbedded(hasPresence: boolean): Trouble {
  return {
    name: 'the disk of the embedded engines is full',
    ...(hasPresence ? { forgets: true } : {}),
    async run(cluster, _pick, later) {
      await cluster.signal('engine', 'SIGTERM');
      const disk = later.use(await SmallDisk.inPlaceOf(cluster.dataDir));
      cluster.run('engine');
      later.defer(async () => void (await cluster.signal('engine', 'SIGTERM')));
      await pause(CALM_MS);
      await disk.fillFor(FULL_MS);
      return 'engine';
    },
  };
}

async function goesOn(name: EngineName): Promise<string> {
  const from = performance.now();
  while (performance.now() < from + UNAIDED_MS) {
    if (await isUp(name)) return `up by itself after ${Math.round((performance.now() - from) / 1_000)} s`;
    await pause(LOOK_MS);
  }
  await stopEngine(name);
  await startEngine(name);
  return 'started again';
}
