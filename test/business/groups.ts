import { defaultSettings, type GroupSettings, groupLog, type Limits } from '@chasqui/domain';
import { eventsOf } from './events.ts';
import { House } from './house.ts';

export const TEAM = 'team';

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
