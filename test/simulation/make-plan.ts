import type { Random } from '@chasqui/domain';
import { MACHINE_NAMES } from './engines.ts';
import { type Action, BUSINESS_PLACES, CONNECT_PLACES, type Plan, SERVER_PLACES, type Step } from './plan.ts';
import { between, Dice, pick } from './random.ts';

const NAMES = ['ann', 'bob', 'cyd', 'dan', 'eve'] as const;

export interface Cast {
  random: Random;
  /** Where faults happen. */
  places: readonly string[];
  devices: { name: string; user: string }[];
  users: string[];
}

export type MakeAction = (cast: Cast) => Action;

export const device = ({ random, devices }: Cast) => pick(random, devices).name;
const place = ({ random, places }: Cast) => pick(random, places);

/** The users' actions; an action that is listed more often is more likely. */
const DOINGS: readonly MakeAction[] = [
  ...new Array<MakeAction>(6).fill((cast) => {
    const { random, devices, users } = cast;
    const from = pick(random, devices);
    const to = pick(
      random,
      users.filter((user) => user !== from.user),
    );
    return { do: 'send', device: from.name, to, count: random() < 0.2 ? between(random, 2, 6) : 1 };
  }),
  ...new Array<MakeAction>(2).fill(({ random, devices, users }) => {
    const by = pick(random, devices);
    const others = users.filter((user) => user !== by.user);
    return { do: 'read', device: by.name, peer: pick(random, others) };
  }),
  ({ random, users }) => {
    const number = between(random, 1, 6);
    const [place, times] = [pick(random, CONNECT_PLACES), between(random, 1, 3)];
    const text = random() < 0.15 ? `other b${number}` : `hello b${number}`;
    const to = users[number % users.length] as string;
    return { do: 'blurt', clientMessageId: `bot-${number}`, to, text, place, times };
  },
  (cast) => ({ do: 'count', device: device(cast) }),
  (cast) => ({ do: 'answer', device: device(cast), forMs: between(cast.random, 500, 8_000) }),
  ({ random, users }) => {
    const user = pick(random, users);
    const others = users.filter((other) => other !== user);
    return { do: 'together', user, to: pick(random, others), count: between(random, 1, 6) };
  },
  ({ random, devices, users }) => {
    const by = pick(random, devices);
    const others = users.filter((user) => user !== by.user);
    return { do: random() < 0.5 ? 'recall' : 'read', device: by.name, peer: pick(random, others) };
  },
];

/**
 * The possible faults of a cluster, by kind. A run has only some kinds, so that they are tested in all combinations.
 */
const FAULTS: readonly MakeAction[][] = [
  [(cast) => ({ do: 'kill', device: device(cast) }), (cast) => ({ do: 'start', device: device(cast) })],
  [(cast) => ({ do: 'close', device: device(cast) }), (cast) => ({ do: 'start', device: device(cast) })],
  [(cast) => ({ do: 'unplug', device: device(cast) }), (cast) => ({ do: 'plug', device: device(cast) })],
  [(cast) => ({ do: 'cut', device: device(cast) })],
  [(cast) => ({ do: 'slow', device: device(cast), msPerByte: pick(cast.random, [0.5, 2, 20]) })],
  [(cast) => ({ do: 'suspend', device: device(cast), forMs: between(cast.random, 500, 20_000) })],
  [
    (cast) => ({
      do: 'crash',
      place: place(cast),
      silently: cast.random() < 0.3,
      downMs: between(cast.random, 100, 12_000),
    }),
  ],
  [
    (cast) => ({
      do: 'doom',
      place: place(cast),
      calls: between(cast.random, 1, 25),
      when: cast.random() < 0.5 ? 'before' : 'after',
      downMs: between(cast.random, 100, 5_000),
    }),
  ],
  [(cast) => ({ do: 'drain', place: place(cast), downMs: between(cast.random, 100, 3_000) })],
  [(cast) => ({ do: 'freeze', place: place(cast), forMs: between(cast.random, 300, 20_000) })],
  // Consumers that pause: messages sent meanwhile are stored long after they were shown.
  [({ random }) => ({ do: 'freeze', place: pick(random, BUSINESS_PLACES), forMs: between(random, 800, 1_600) })],
  [(cast) => ({ do: 'slowdown', place: place(cast), times: pick(cast.random, [10, 100]), forMs: 4_000 })],
  [(cast) => ({ do: 'clock', place: place(cast), skewMs: between(cast.random, -20_000, 20_000) })],
  // Wrong by 20 minutes, and corrected some time later or never.
  [
    (cast) => ({ do: 'clock', place: place(cast), skewMs: pick(cast.random, [-1_200_000, 1_200_000]) }),
    (cast) => ({ do: 'clock', place: place(cast), skewMs: 0 }),
  ],
  [
    ({ random }) => ({
      do: 'outage',
      machine: pick(random, MACHINE_NAMES),
      state: random() < 0.5 ? 'refusing' : 'hanging',
      forMs: between(random, 200, 15_000),
    }),
  ],
  [
    ({ random }) => ({
      do: 'glitch',
      machine: pick(random, MACHINE_NAMES),
      kind: random() < 0.5 ? 'before' : 'after',
      count: between(random, 1, 3),
    }),
  ],
  [({ random }) => ({ do: random() < 0.5 ? 'empty' : 'forget-hints' })],
  [
    ({ random }) => ({
      do: 'part',
      from: pick(random, [...CONNECT_PLACES, ...BUSINESS_PLACES]),
      to: pick(random, CONNECT_PLACES),
      fault: random() < 0.5 ? 'requests' : 'answers',
      forMs: between(random, 500, 12_000),
    }),
  ],
  [({ random }) => ({ do: 'duplicate', rate: pick(random, [0.1, 0.5]), forMs: between(random, 1_000, 10_000) })],
];

/** The plan that a seed determines. */
export function makePlan(seed: number): Plan {
  return planOf(seed, { doings: DOINGS, places: SERVER_PLACES });
}

export interface Theme {
  /** What users do. */
  doings: readonly MakeAction[];
  places: readonly string[];
  minUsers?: number;
}

/** A plan with users who do what belongs to a theme, and any faults. */
export function planOf(seed: number, { doings, places, minUsers = 2 }: Theme): Plan {
  const random = new Dice(seed).stream('plan');
  const count = between(random, minUsers, NAMES.length);
  const users = NAMES.slice(0, count).map((user) => ({
    user,
    devices: random() < 0.5 ? ['phone', 'laptop'] : ['phone'],
  }));
  const cast: Cast = {
    random,
    places,
    devices: users.flatMap(({ user, devices }) => devices.map((id) => ({ name: `${user}/${id}`, user }))),
    users: users.map(({ user }) => user),
  };
  const lastsMs = between(random, 8_000, 30_000);
  const kinds = FAULTS.filter(chosenWith(random, pick(random, CHANCES)));
  const steps: Step[] = [];
  const scatter = (actions: readonly MakeAction[], howMany: number, within = { from: 0, ms: lastsMs }) => {
    for (let i = 0; i < howMany; i++) {
      const at = within.from + random() * within.ms;
      steps.push({ ...pick(random, actions)(cast), at });
    }
  };
  scatter(doings, between(random, 10, 40));
  for (const kind of kinds) scatter(kind, between(random, 1, kind.length === 1 ? 4 : 6));
  // Actions that are in flight when a fault occurs are the likeliest to be lost.
  for (const { at } of [...steps]) if (random() < 0.3) scatter(doings, 1, { from: at, ms: 300 });
  return { seed, users, steps: steps.sort((a, b) => a.at - b.at), lastsMs };
}

/** The probability of each kind of fault in a run: some runs are calm, some are storms. */
const CHANCES = [0.1, 0.3, 0.6];

function chosenWith(random: Random, chance: number): () => boolean {
  return () => random() < chance;
}
