import { makeGroupPlan } from '../groups/make-plan.ts';
import { makePlan } from '../make-plan.ts';
import type { Plan, Step } from '../plan.ts';
import { between, Dice, pick } from '../random.ts';

const EMOJIS = ['👍', '❤️', '😮', '🎉'];

/** The plan of a seed, in which users also react to messages, several at a time and on several devices. */
export function withReactions(plan: Plan): Plan {
  const random = new Dice(plan.seed).stream('reactions');
  const devices = plan.users.flatMap(({ user, devices }) => devices.map((id) => `${user}/${id}`));
  const users = plan.users.map(({ user }) => user);
  const steps: Step[] = [];
  const react = (at: number, where: { peer: string } | { group: string }): void => {
    const device = pick(random, devices);
    const [back, emoji, on] = [between(random, 0, 3), pick(random, EMOJIS), random() < 0.7];
    steps.push({ at, do: 'react', device, ...where, back, emoji, on });
  };
  for (let n = between(random, 10, 40); n > 0; n--) {
    const at = random() * plan.lastsMs;
    const where = plan.groups === undefined ? { peer: pick(random, users) } : { group: pick(random, plan.groups) };
    for (let same = between(random, 1, 5); same > 0; same--) react(at + random() * 300, where);
  }
  return { ...plan, steps: [...plan.steps, ...steps].sort((a, b) => a.at - b.at) };
}

export const makeReactionPlan = (seed: number): Plan => withReactions(makePlan(seed));
export const makeGroupReactionPlan = (seed: number): Plan => withReactions(makeGroupPlan(seed));
