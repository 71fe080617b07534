import { describe, expect, test, vi } from 'vitest';
import { TROUBLES, type Trouble } from './faulty-process.ts';
import { expectSound, history, inbox, statusesOf, truthOf, USERS } from './final-state.ts';
import { logOfTeam } from './groups.ts';
import { House } from './house.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';

vi.mock('@chasqui/domain', async (original) => {
  const { knowingThree } = await import('./conversation-of-three.ts');
  return knowingThree(await original());
});

/** "A Business consumer dies in any line of a handler": ack last; redelivery; idempotent steps (design, section 8). */

/**
 * The contents of live frames and push tasks, without what a repeat may change, such as positions of parallel events.
 */
async function toldIn(house: House) {
  const names = new Map((await history(house)).map(({ messageId, clientMessageId }) => [messageId, clientMessageId]));
  const acks = new Set<string>();
  const errors = new Set<string>();
  for (const { userId, frame } of house.shown) {
    if (frame.type === 'server_ack') acks.add(`${userId} ${frame.clientMessageId} ${frame.replaces !== undefined}`);
    if (frame.type === 'stored') {
      acks.add(`${userId} stored ${names.get(frame.messageId)} ${frame.replaces !== undefined}`);
      const entry = (await inbox(house, userId))[frame.position - 1];
      expect(entry, `C10: ${userId} is told the place of a message`).toMatchObject({ messageId: frame.messageId });
    }
    if (frame.type === 'stored_messages') {
      const log = await logOfTeam(house);
      for (const { messageId, position } of frame.messages)
        expect(log[position - 1], 'C18: the group is told the place of a message').toMatchObject({ messageId });
    }
    if (frame.type === 'error') errors.add(`${userId} ${frame.code} ${frame.ref}`);
    if (frame.type === 'retract') errors.add(`${userId} retract`);
  }
  return {
    acks: [...acks].sort(),
    errors: [...errors].sort(),
    pushes: pushesOf(house),
    events: eventsOf(house, names),
  };
}

/** What the host application is told, without repeats; of each conversation, messages in the order in which they came. */
function eventsOf({ told }: House, names: ReadonlyMap<string, string>): string[] {
  // A map keeps the place at which a key came first.
  const first = [...new Map(told.map((event) => [event.id, event])).values()];
  const last = new Map<string, string>();
  return first.map(({ type, key, data }) => {
    const { messageId, upTo, by, change } = data as { [name: string]: string };
    const name = names.get(messageId ?? upTo ?? '');
    const before = type === 'message.stored' ? ` behind ${last.get(key)}` : '';
    if (type === 'message.stored') last.set(key, name ?? '');
    return `${type} ${key} ${name} ${by} ${change}${before}`;
  });
}

/** Who is to be notified; of a group, the messages. */
function pushesOf({ pushTasks, plans }: House): Set<string> {
  return new Set([...pushTasks.map(({ to }) => to), ...plans.map(({ messageId }) => messageId)]);
}

async function run(scenario: Scenario, at: { step: number; trouble: Trouble } | null) {
  const house = new House();
  await house.connect('ann', 'bob');
  const first = house.start();
  const batch = await scenario(house);
  await house.look(...USERS);
  house.shown.length = 0;
  house.pushTasks.length = 0;
  house.plans.length = 0;
  first.arm(at);
  const silence = first.onSilence;
  first.onSilence = () => {
    silence();
    house.start();
  };
  for (const events of batch) void house.publish(events);
  await house.quiet();
  first.thaw();
  await house.quiet();
  const [truth, statuses, told] = await Promise.all([truthOf(house), statusesOf(house), toldIn(house)]);
  return { house, process: first, truth, statuses, told };
}

describe.each(Object.entries(SCENARIOS))('%s', (_, scenario) => {
  test.each(TROUBLES)(
    'C2, C3, C4, C7, C8: trouble (%s) in any line what an undisturbed process leaves',
    async (trouble) => {
      const peace = await run(scenario, null);
      await expectSound(peace.house);
      const { steps } = peace.process;
      expect(steps.length).toBeGreaterThan(3);
      for (const [step, name] of steps.entries()) {
        const war = await run(scenario, { step, trouble });
        const where = `${trouble} at step ${step}: ${name}`;
        expect(war.process.steps.length, where).toBeGreaterThan(step);
        expect(war.truth, where).toEqual(peace.truth);
        await expectSound(war.house, { zombie: trouble.startsWith('freezes') }).catch((error: Error) => {
          throw new Error(`${where}: ${error.message}`, { cause: error });
        });
        for (const to of peace.told.pushes) expect(war.told.pushes, where).toContain(to);
        // The inbox supplies what the peer link loses: only the live frames differ then, and users who missed them are
        // handled as offline.
        if (name === 'peers.deliver' && (trouble === 'refused' || trouble === 'unheard')) continue;
        expect(war.statuses, where).toEqual(peace.statuses);
        expect(war.told.acks, where).toEqual(expect.arrayContaining(peace.told.acks));
        expect(war.told.errors, where).toEqual(expect.arrayContaining(peace.told.errors));
        expect(war.told.events, where).toEqual(expect.arrayContaining(peace.told.events));
      }
    },
    60_000,
  );
});
