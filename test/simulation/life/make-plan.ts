import type { Random } from '@chasqui/domain';
import { makeGroupPlan } from '../groups/make-plan.ts';
import { makePlan } from '../make-plan.ts';
import { type Action, BUSINESS_PLACES, CONNECT_PLACES, MESSAGE_API_PLACE, type Plan, type Step } from '../plan.ts';
import { between, Dice, pick } from '../random.ts';

/** Where faults come upon what users do here. */
const PLACES = [...CONNECT_PLACES, ...BUSINESS_PLACES, MESSAGE_API_PLACE] as const;

/** The plan of a seed, in which users also edit, recall, forward and hide the same messages at the same time. */
export function withLife(plan: Plan): Plan {
  const random = new Dice(plan.seed).stream('life');
  const steps: Step[] = [];
  for (let n = between(random, 8, 25); n > 0; n--) {
    const at = random() * plan.lastsMs;
    for (const action of raceIn(random, plan)) {
      const isSend = action.do === 'send' || action.do === 'post';
      steps.push({ ...action, at: isSend ? Math.max(0, at - 600 * random()) : at + random() * 400 });
    }
  }
  return { ...plan, life: true, steps: withMentions(plan, [...plan.steps, ...steps]).sort((a, b) => a.at - b.at) };
}

/** Half of the edits in groups mention somebody. */
function withMentions({ seed, users }: Plan, steps: readonly Step[]): Step[] {
  const random = new Dice(seed).stream('mentions of edits');
  return steps.map((step) => {
    if (step.do !== 'edit' || !('group' in step) || random() < 0.5) return step;
    return { ...step, mentions: [...new Set([pick(random, users).user, pick(random, users).user])] };
  });
}

/** What happens to the last messages of one user in one conversation, within a moment. */
function raceIn(random: Random, { users, groups }: Plan): Action[] {
  const [author, other] = users.toSorted(() => random() - 0.5);
  if (author === undefined || other === undefined) throw new RangeError('a conversation has two users');
  const one = ({ user, devices }: Plan['users'][number]) => `${user}/${pick(random, devices)}`;
  const group = groups === undefined ? undefined : pick(random, groups);
  /** The conversation as a user names it. */
  const seenBy = (user: string) =>
    group === undefined ? { peer: user === author.user ? other.user : author.user } : { group };
  const actions: Action[] = [];
  const sometimes = (chance: number, action: () => Action): void => {
    if (random() < chance) actions.push(action());
  };
  const send = (): Action => {
    if (group !== undefined) return { do: 'post', device: one(author), group, count: 1 };
    return { do: 'send', device: one(author), to: other.user, count: 1 };
  };
  sometimes(0.7, send);
  for (let edits = between(random, 0, 4); edits > 0; edits--) {
    actions.push({ do: 'edit', device: one(author), ...seenBy(author.user), back: between(random, 0, 1) });
  }
  sometimes(0.35, () => {
    if (group === undefined) return { do: 'recall', device: one(author), peer: other.user };
    return { do: random() < 0.7 ? 'take-back' : 'take-back-any', device: one(author), group };
  });
  for (const by of [author, other]) {
    const back = between(random, 0, 2);
    sometimes(0.3, () => ({ do: 'hide', device: one(by), ...seenBy(by.user), back }));
    sometimes(0.4, () => {
      const to = group !== undefined && groups !== undefined ? pick(random, groups) : target(random, by.user, users);
      const about = { withOrigin: random() < 0.6, isUnseen: random() < 0.15 };
      return { do: 'forward', device: one(by), ...seenBy(by.user), back, to, ...about };
    });
  }
  sometimes(0.15, () => {
    const [place, downMs] = [pick(random, PLACES), between(random, 100, 4_000)];
    if (random() < 0.3) return { do: 'crash', place, downMs, silently: false };
    return { do: 'doom', place, calls: between(random, 1, 15), when: random() < 0.5 ? 'before' : 'after', downMs };
  });
  return actions;
}

function target(random: Random, from: string, users: Plan['users']): string {
  return pick(
    random,
    users.filter(({ user }) => user !== from),
  ).user;
}

export const makeLifePlan = (seed: number): Plan => withLife(makePlan(seed));
export const makeGroupLifePlan = (seed: number): Plan => withLife(makeGroupPlan(seed));
