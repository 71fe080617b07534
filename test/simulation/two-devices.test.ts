import { expect, test } from 'vitest';
import { heal, perform } from './perform.ts';
import { BUSINESS_PLACES } from './plan.ts';
import { judge } from './run-plan.ts';
import { settle } from './settle.ts';
import { makeStage } from './stage.ts';

const users = [
  { user: 'ann', devices: ['phone', 'laptop'] },
  { user: 'bob', devices: ['phone'] },
];
/** Messages that each of Ann's devices sends. */
const COUNT = 30;

test.each([
  ['nothing fails', 0, [1, 2]],
  ['consumers pause now and then', 1_200, [3, 4]],
])(
  'C5: two devices of one user write side by side and each message is answered at once: with ids that stay, while %s',
  async (_, pauseMs, seeds) => {
    for (const seed of seeds) {
      const stage = makeStage({ seed, users });
      const { clock, history } = stage.world;
      for (const device of stage.devices.values()) device.start();
      await clock.run(1_000);
      let answers = 0;
      stage.devices.get('bob/phone')?.answer(30_000, () => `answer a${++answers}`, 2 * COUNT);
      perform(stage, { at: 0, do: 'together', user: 'ann', to: 'bob', count: COUNT });
      for (let pause = 0; pause < 3; pause++) {
        for (const place of BUSINESS_PLACES) {
          if (pauseMs > 0) perform(stage, { at: 0, do: 'freeze', place, forMs: pauseMs });
        }
        await clock.run(2_000);
      }
      heal(stage);
      await settle(stage);
      expect(answers).toBe(2 * COUNT);
      expect(await judge(stage)).toEqual([]);
      const ids = new Map<string, Set<string>>();
      for (const { identity, messageId } of [...history.of('acked'), ...history.of('shown')]) {
        ids.set(identity, (ids.get(identity) ?? new Set()).add(messageId));
      }
      expect(ids.size).toBe(4 * COUNT);
      expect([...ids.values()].filter(({ size }) => size > 1)).toEqual([]);
    }
  },
);
