import { defaultSettings, type GroupSettings, groupLog, type Limits, type MessageEvent } from '@chasqui/domain';
import { expect } from 'vitest';
import { eventsOf } from './events.ts';
import { House } from './house.ts';

export const TEAM = 'team';
export const LOG = groupLog(TEAM);

/** The stored messages of the group, oldest first. */
export const storedOf = async ({ messages }: House) => (await messages.page(TEAM, { limit: 100 })).toReversed();
export const textsOf = async (house: House) => (await storedOf(house)).map(({ content }) => content.text);
export const headOf = async ({ groups }: House, userId: string) =>
  (await groups.headsOf([{ conversationId: TEAM, userId }]))[0] ?? expect.fail(`${userId} never was there`);
export const idOf = ({ encoded: { message } }: MessageEvent) => message.messageId;

/** ann owns the group, bob is an admin, cid and dan are members; all but dan are connected. */
export async function teamHouse(settings: Partial<GroupSettings> = {}, limits: Partial<Limits> = {}) {
  const house = new House();
  house.limits = { ...house.limits, ...limits };
  await house.connect('ann', 'bob', 'cid');
  await house.subscribe(TEAM);
  const process = house.start();
  const events = eventsOf(house);
  await house.publish([
    events.change('ann', TEAM, 'create', {
      name: 'Team',
      description: '',
      picture: '',
      settings: { ...defaultSettings(100), ...settings },
      members: ['bob', 'cid', 'dan'],
    }),
    events.change('ann', TEAM, 'role', { userId: 'bob', role: 'admin' }),
  ]);
  await house.quiet();
  house.shown.length = 0;
  house.changes.length = 0;
  return { house, process, events };
}

export async function logOfTeam({ logs }: House) {
  return (await logs.page(groupLog(TEAM), 0, 1_000)).entries;
}

/** The frames of one type that a user, or the group's log, was shown. */
export function framesTo<T extends House['shown'][number]['frame']['type']>({ shown }: House, userId: string, type: T) {
  return shown.flatMap(({ userId: to, frame }) =>
    to === userId && frame.type === type ? [frame as Extract<typeof frame, { type: T }>] : [],
  );
}
