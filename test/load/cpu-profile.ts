import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  /** µs. */
  timeDeltas: number[];
}

/** Self time in ms. */
export interface Cost {
  name: string;
  place: string;
  ms: number;
}

export interface ProfileSummary {
  totalMs: number;
  byPlace: Cost[];
  byFunction: Cost[];
}

const WAITING = new Set(['(idle)', '(root)']);

/**
 * Where the threads of a process spent their time, from the `.cpuprofile` files that `--cpu-prof` wrote to a folder.
 */
export function summarizeProfiles(dir: string): ProfileSummary {
  const byPlace = new Map<string, Cost>();
  const byFunction = new Map<string, Cost>();
  let totalMs = 0;
  for (const file of globSync('*.cpuprofile', { cwd: dir })) {
    const { nodes, samples, timeDeltas }: Profile = JSON.parse(readFileSync(join(dir, file), 'utf8'));
    const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
    for (const [index, id] of samples.entries()) {
      const frame = frames.get(id);
      if (frame === undefined || WAITING.has(frame.functionName)) continue;
      const ms = (timeDeltas[index] ?? 0) / 1_000;
      const place = placeOf(frame.url, frame.functionName);
      const name = `${frame.functionName || '(anonymous)'} ${basename(frame.url)}:${frame.lineNumber + 1}`;
      totalMs += ms;
      add(byPlace, place, { name: place, place, ms });
      add(byFunction, `${place} ${name}`, { name, place, ms });
    }
  }
  const sorted = (costs: Map<string, Cost>) => [...costs.values()].sort((a, b) => b.ms - a.ms);
  return { totalMs, byPlace: sorted(byPlace), byFunction: sorted(byFunction) };
}

function add(costs: Map<string, Cost>, key: string, cost: Cost): void {
  const known = costs.get(key);
  if (known === undefined) costs.set(key, cost);
  else known.ms += cost.ms;
}

/** The package of a source file; the JavaScript engine's own functions have no file. */
function placeOf(url: string, functionName: string): string {
  const own = /\/((?:apps|libs\/adapters|libs)\/[^/]+)\/src\//.exec(url);
  if (own !== null) return own[1] ?? '';
  const installed = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url);
  if (installed !== null) return installed[1] ?? '';
  if (url !== '') return 'node';
  return functionName === '(garbage collector)' ? 'garbage collection' : 'native code';
}
