import type { GroupSettings, Mentions } from '@chasqui/domain';
import type { AskedChange } from '../../../apps/api/src/groups/group-changes.ts';
import { type Cast, device, type MakeAction, planOf } from '../make-plan.ts';
import { GROUP_API_PLACE, type Plan, SERVER_PLACES, type Step } from '../plan.ts';
import { between, Dice, pick } from '../random.ts';
import { START } from '../virtual-clock.ts';

const GROUPS = ['team', 'club'];

/** A change of a group, by somebody who may often make it. */
type MakeChange = (cast: Cast, conversationId: string) => AskedChange;

const someone = ({ random, users }: Cast) => pick(random, users);

function settings({ random }: Pick<Cast, 'random'>): Partial<GroupSettings> {
  return pick<Partial<GroupSettings>>(random, [
    { history: random() < 0.5 ? 'all' : 'since_join' },
    { post: random() < 0.3 ? 'admins' : 'all' },
    { mentionAll: random() < 0.5 ? 'admins' : 'all' },
  ]);
}

/** An entry that is listed more often is more likely. */
const CHANGES: readonly MakeChange[] = [
  ...new Array<MakeChange>(4).fill((cast, conversationId) => ({
    change: 'add',
    conversationId,
    details: { users: [someone(cast), someone(cast)] },
  })),
  ...new Array<MakeChange>(4).fill((cast, conversationId) => ({
    change: 'remove',
    conversationId,
    details: { users: [someone(cast)] },
  })),
  ...new Array<MakeChange>(2).fill((cast, conversationId) => ({
    change: 'mute',
    conversationId,
    details: { userId: someone(cast), until: pick(cast.random, [0, START + between(cast.random, 1_000, 60_000)]) },
  })),
  (_, conversationId) => ({ change: 'leave', conversationId, details: {} }),
  (_, conversationId) => ({
    change: 'link',
    conversationId,
    details: { linkId: `link-to-${conversationId}`, expiresAt: 0, uses: null },
  }),
  ...new Array<MakeChange>(2).fill((_, conversationId) => ({
    change: 'join',
    conversationId,
    details: { linkId: `link-to-${conversationId}` },
  })),
  (cast, conversationId) => ({ change: 'update', conversationId, details: { settings: settings(cast) } }),
  (cast, conversationId) => ({
    change: 'role',
    conversationId,
    details: { userId: someone(cast), role: pick(cast.random, ['admin', 'member'] as const) },
  }),
  (cast, conversationId) => ({ change: 'transfer', conversationId, details: { userId: someone(cast) } }),
  (cast, conversationId) => {
    if (cast.random() < 0.15) return { change: 'dissolve', conversationId, details: {} };
    return { change: 'approve', conversationId, details: { users: cast.users } };
  },
];

/** The owner at first, or anybody. */
function asker(cast: Cast, group: string): string {
  return cast.random() < 0.6 ? ownerOf(group, cast.users) : someone(cast);
}

function ownerOf(group: string, users: readonly string[]): string {
  return users[GROUPS.indexOf(group) % users.length] as string;
}

function change(cast: Cast): ReturnType<MakeAction> {
  const group = pick(cast.random, GROUPS);
  const asked = pick(cast.random, CHANGES)(cast, group);
  const by = asked.change === 'leave' || asked.change === 'join' ? someone(cast) : asker(cast, group);
  return { do: 'change', by, asked };
}

function mentions({ random, users }: Cast): { mentions?: Mentions } {
  const roll = random();
  if (roll < 0.7) return {};
  return { mentions: roll < 0.8 ? 'all' : [...new Set([pick(random, users), pick(random, users)])] };
}

const DOINGS: readonly MakeAction[] = [
  ...new Array<MakeAction>(8).fill((cast) => ({
    do: 'post',
    device: device(cast),
    group: pick(cast.random, GROUPS),
    count: cast.random() < 0.2 ? between(cast.random, 2, 6) : 1,
    ...mentions(cast),
  })),
  ...new Array<MakeAction>(5).fill(change),
  ...new Array<MakeAction>(2).fill((cast) => ({
    do: 'read-group',
    device: device(cast),
    group: pick(cast.random, GROUPS),
  })),
  (cast) => ({
    do: cast.random() < 0.5 ? 'take-back' : 'take-back-any',
    device: device(cast),
    group: pick(cast.random, GROUPS),
  }),
  (cast) => ({ do: 'answer', device: device(cast), forMs: between(cast.random, 500, 4_000) }),
];

/** The plan of a cluster with groups that a seed determines. */
export function makeGroupPlan(seed: number): Plan {
  const plan = planOf(seed, { doings: DOINGS, places: [...SERVER_PLACES, GROUP_API_PLACE], minUsers: 3 });
  const random = new Dice(seed).stream('groups');
  const users = plan.users.map(({ user }) => user);
  const opening = GROUPS.map((conversationId): Step => {
    const by = ownerOf(conversationId, users);
    const members = users.filter((user) => user !== by && random() < 0.8);
    const details = { name: conversationId, description: '', picture: '', settings: settings({ random }), members };
    return { at: 0, do: 'change', by, asked: { change: 'create', conversationId, details } };
  });
  return { ...plan, groups: GROUPS, steps: [...opening, ...plan.steps] };
}
