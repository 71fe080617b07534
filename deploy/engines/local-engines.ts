import { elasticsearch } from './elasticsearch.ts';
import type { EngineName, LocalEngine } from './engine.ts';
import { hbase } from './hbase.ts';
import { mysql } from './mysql.ts';
import { rabbitmq } from './rabbitmq.ts';
import { redis } from './redis.ts';
import { rocketmq } from './rocketmq.ts';

/** The engines that `engines:up` knows, in display order; they are stopped in reverse. */
const LOCAL_ENGINES: readonly LocalEngine[] = [redis, mysql, rabbitmq, rocketmq, elasticsearch, hbase];

/** Errors: when no engine has that name. */
export function localEngine(name: EngineName): LocalEngine {
  const found = LOCAL_ENGINES.find((engine) => engine.name === name);
  if (found === undefined) throw new Error(`no engine is named ${name}`);
  return found;
}

/** The engines that serve one deployment: which set for whom is in docs/operations.md. */
export const ENGINE_SETS = {
  large: [redis, mysql, rocketmq, elasticsearch, hbase],
  classic: [redis, mysql, rabbitmq],
} as const satisfies { [set: string]: readonly LocalEngine[] };

export type EngineSet = keyof typeof ENGINE_SETS;

/** Errors: names the sets that there are. */
export function engineSet(name: string): EngineSet {
  if (Object.hasOwn(ENGINE_SETS, name)) return name as EngineSet;
  throw new Error(`--set takes one of: ${Object.keys(ENGINE_SETS).join(', ')}`);
}

/**
 * What a command works on: `--set NAME`, or names of engines, or by default the large set. Errors: names what is
 * unknown.
 */
export function enginesOf(args: readonly string[]): readonly LocalEngine[] {
  if (args[0] !== '--set') return args.length === 0 ? ENGINE_SETS.large : chosenEngines(args);
  const [, ...names] = args;
  return ENGINE_SETS[engineSet(names.join(' '))];
}

/** The engines of these names, in list order; all if none is named. Errors: names each unknown one. */
export function chosenEngines(names: readonly string[], known: readonly LocalEngine[] = LOCAL_ENGINES): LocalEngine[] {
  const unknown = names.filter((name) => !known.some((engine) => engine.name === name));
  if (unknown.length > 0) {
    throw new Error(`unknown: ${unknown.join(', ')}; the engines are: ${known.map(({ name }) => name).join(', ')}`);
  }
  return known.filter(({ name }) => names.length === 0 || names.includes(name));
}
