import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** The niceness of threads by name, measured in a separate process because the change cannot be undone. */
function nicenessWith(cores: number): Record<string, number[]> {
  const script = `
    import { readdirSync, readFileSync } from 'node:fs';
    import { lowerV8HelperPriority } from ${JSON.stringify(new URL('thread-priority.ts', import.meta.url).href)};
    lowerV8HelperPriority(${cores});
    const found = {};
    for (const id of readdirSync('/proc/self/task')) {
      // Behind the name, which stands in brackets: see proc(5).
      const [name, rest] = readFileSync('/proc/self/task/' + id + '/stat', 'utf8').split('(')[1].split(') ');
      (found[name] ??= []).push(Number(rest.split(' ')[16]));
    }
    console.log(JSON.stringify(found));`;
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return JSON.parse(out) as Record<string, number[]>;
}

test('on few cores V8 helpers go behind the others, on many they do not', () => {
  const few = nicenessWith(2);
  const many = nicenessWith(3);
  expect(new Set(few.V8Worker)).toEqual(new Set([5]));
  expect(new Set(many.V8Worker)).toEqual(new Set([0]));
  for (const found of [few, many]) expect(found.MainThread ?? found.node).toEqual([0]);
});
