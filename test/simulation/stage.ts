import { History } from '../checker/index.ts';
import { Counts } from './counts.ts';
import { Device } from './device.ts';
import { startGroupApi } from './groups/start-group-api.ts';
import { startMessageApi } from './life/start-message-api.ts';
import { Place } from './place.ts';
import {
  BUSINESS_PLACES,
  CONNECT_PLACES,
  DATASYNC_PLACES,
  GROUP_API_PLACE,
  MESSAGE_API_PLACE,
  type Plan,
} from './plan.ts';
import { startBusiness, startConnect, startDataSync, unreadApi, urlOf } from './servers.ts';
import { VirtualClock } from './virtual-clock.ts';
import { type Breakage, World } from './world.ts';

/** A cluster with its servers running, and its devices not yet started. */
export interface Stage {
  world: World;
  places: Map<string, Place>;
  devices: Map<string, Device>;
  api: ReturnType<typeof unreadApi>;
  /** Numbers the messages, so that each text has a unique word. */
  written: number;
  groups: readonly string[];
  /** Whether users hide messages. */
  life: boolean;
  /** Changes of groups that were asked for, and calls of the API that have no final answer yet. */
  asked: number;
  waiting: number;
}

export function makeStage(
  { seed, users, groups = [], life = false }: Pick<Plan, 'seed' | 'users' | 'groups' | 'life'>,
  breakage: Breakage = {},
): Stage {
  const clock = new VirtualClock();
  const history = new History(() => Math.round(clock.monotonic()));
  const world = new World(seed, { clock, history, counts: new Counts(), breakage });
  const places = new Map<string, Place>();
  for (const name of CONNECT_PLACES) places.set(name, new Place(name, world, startConnect));
  for (const name of BUSINESS_PLACES) places.set(name, new Place(name, world, startBusiness));
  for (const name of DATASYNC_PLACES) places.set(name, new Place(name, world, startDataSync));
  if (groups.length > 0) places.set(GROUP_API_PLACE, new Place(GROUP_API_PLACE, world, startGroupApi));
  if (life) places.set(MESSAGE_API_PLACE, new Place(MESSAGE_API_PLACE, world, startMessageApi));
  const devices = new Map<string, Device>();
  for (const { user, devices: ids } of users) {
    for (const deviceId of ids) {
      const device = new Device({ world, user, deviceId, urls: CONNECT_PLACES.map(urlOf), groups });
      devices.set(device.name, device);
    }
  }
  return { world, places, devices, api: unreadApi(world), written: 0, groups, life, asked: 0, waiting: 0 };
}
