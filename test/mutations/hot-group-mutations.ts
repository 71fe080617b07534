import type { Mutation } from './mutation.ts';

const DELIVERIES = 'apps/connect/src/groups/group-deliveries.ts';
const DELIVERIES_TEST = 'apps/connect/src/groups/group-deliveries.test.ts';

/** Faults of what keeps a hot group from holding up others. */
export const HOT_GROUP_MUTATIONS: readonly Mutation[] = [
  {
    what: 'C23: the sends of a group hold up a whole turn',
    file: DELIVERIES,
    tests: [DELIVERIES_TEST],
    text: 'leftUs -= WRITE_US + FRAME_US * frames.length;',
    broken: '',
  },
  {
    what: 'C23: a turn writes as much on a slow machine as on a quick one',
    file: DELIVERIES,
    tests: [DELIVERIES_TEST],
    text: 'leftUs = Math.min(leftUs, mostUs - (clock.monotonic() - startedAt) * 1_000);',
    broken: '',
  },
];
