import type { ClientFrame, ServerFrame } from '@chasqui/protocol';
import { deviceName, identityOf } from '../checker/index.ts';
import { Mortal } from './mortal.ts';
import { urlOf } from './servers.ts';
import type { World } from './world.ts';

/** A user of the protocol without the client library, who ignores most answers. */
export const BOT = 'zoe';

export interface Blurt {
  clientMessageId: string;
  to: string;
  text: string;
  /** The node that it connects to. */
  place: string;
  /** How often it sends the frame on its one connection. */
  times: number;
}

/** How long the bot waits for answers, in ms. */
const LISTENS_MS = 8_000;

/** Logs in on a node, sends the same frame a few times, waits for a while and disconnects. */
export function blurt(world: World, { clientMessageId, to, text, place, times }: Blurt): void {
  const { network, history, clock } = world;
  // Each message has a device of its own: it is not ordered with the others.
  const device = deviceName(BOT, `bot-${clientMessageId}`);
  const identity = identityOf(BOT, clientMessageId);
  history.add({ type: 'submitted', device, identity, to, text, careless: true });
  const process = new Mortal(device, clock);
  const say = (frame: ClientFrame) => socket.send(JSON.stringify(frame));
  const socket = network.dial(process, device, urlOf(place), {
    opened() {
      say({ type: 'login', token: BOT, deviceId: `bot-${clientMessageId}` });
      for (let i = 0; i < times; i++) say({ type: 'chat', clientMessageId, to, content: { text } });
    },
    received(json) {
      const frame = JSON.parse(json) as ServerFrame;
      if (frame.type !== 'error' || frame.ref !== clientMessageId || frame.retry !== 'never') return;
      history.add({ type: 'refused', device, identity, text, code: frame.code });
    },
    closed() {},
  });
  clock.after(LISTENS_MS, () => socket.close(1000, ''));
}
