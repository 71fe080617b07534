import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FRAME_COSTS } from '../../apps/connect/src/admission/work-costs.ts';

test('C16: docs/limits.md says what each frame costs', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/limits.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)` \| (\d+) \|/gm)].map(([, type, units]) => [type, Number(units)]);
  expect(Object.fromEntries(rows)).toEqual(FRAME_COSTS);
});
