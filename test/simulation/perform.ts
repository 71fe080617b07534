import type { ConversationName } from '@chasqui/client';
import { defined } from '@chasqui/domain';
import { blurt } from './bot.ts';
import type { Device } from './device.ts';
import { ask } from './groups/ask.ts';
import { edit, messageAt } from './life/act.ts';
import { anyMessage } from './life/any-message.ts';
import { hide } from './life/hide.ts';
import type { Place } from './place.ts';
import { type Step, tellStep } from './plan.ts';
import { urlOf } from './servers.ts';
import type { Stage } from './stage.ts';

type Performers = { readonly [D in Step['do']]: (stage: Stage, step: Extract<Step, { do: D }>) => void };

/** Time between messages that a user sends on several devices at once, in ms. */
const TOGETHER_MS = 40;

const PERFORMERS: Performers = {
  send(stage, { device, to, count }) {
    for (let i = 0; i < count; i++) {
      if (deviceOf(stage, device).send(to, `hello w${++stage.written}`)) stage.world.counts.add('messages');
    }
  },
  post(stage, { device, group, count, mentions }) {
    for (let i = 0; i < count; i++) {
      const isSent = deviceOf(stage, device).post(group, `hello w${++stage.written}`, mentions);
      if (isSent) stage.world.counts.add('group messages');
    }
  },
  'read-group': (stage, { device, group }) => void deviceOf(stage, device).read({ conversationId: group }),
  'take-back'(stage, { device, group }) {
    if (deviceOf(stage, device).recall({ conversationId: group })) stage.world.counts.add('recalls');
  },
  'take-back-any'(stage, { device, group }) {
    if (deviceOf(stage, device).recall({ conversationId: group }, true)) stage.world.counts.add('recalls');
  },
  react(stage, { device, back, emoji, on, ...where }) {
    if (deviceOf(stage, device).react(nameOf(where), { back, emoji, on })) stage.world.counts.add('reactions');
  },
  edit(stage, { device, back, mentions, ...where }) {
    const edition = { back, text: `hello w${++stage.written}`, ...defined({ mentions }) };
    if (!edit(stage.world, deviceOf(stage, device), nameOf(where), edition)) return;
    stage.world.counts.add('edits');
    if (mentions !== undefined) stage.world.counts.add('edits that mention');
  },
  hide(stage, { device, back, ...where }) {
    const by = deviceOf(stage, device);
    const found = messageAt(by, nameOf(where), back);
    if (found !== null) void hide(stage, { userId: by.user, conversationId: found.conversationId }, found.messageId);
  },
  forward(stage, { device, back, to, withOrigin, isUnseen, ...where }) {
    const by = deviceOf(stage, device);
    const found = isUnseen ? anyMessage(stage, back) : messageAt(by, nameOf(where), back);
    const forwardOf = found && { conversationId: found.conversationId, messageId: found.messageId, withOrigin };
    const draft = { to, isGroup: stage.groups.includes(to), text: found?.text ?? '' };
    if (forwardOf && by.forward({ ...draft, forwardOf })) stage.world.counts.add('forwards');
  },
  change: (stage, { by, asked }) => void ask(stage, by, asked),
  answer(stage, { device, forMs }) {
    deviceOf(stage, device).answer(forMs, () => {
      stage.world.counts.add('messages');
      stage.world.counts.add('answers');
      return `hello w${++stage.written}`;
    });
  },
  together(stage, { user, to, count }) {
    const devices = [...stage.devices.values()].filter((device) => device.user === user);
    for (let i = 0; i < count; i++) {
      stage.world.clock.after(i * TOGETHER_MS, () => {
        for (const device of devices)
          if (device.send(to, `hello w${++stage.written}`)) stage.world.counts.add('messages');
      });
    }
  },
  read: (stage, { device, peer }) => void deviceOf(stage, device).read(peer),
  blurt({ world }, { do: _, ...what }) {
    world.counts.add('messages');
    blurt(world, what);
  },
  count: (stage, { device }) => stage.api.count(deviceOf(stage, device).user),
  recall(stage, { device, peer }) {
    if (deviceOf(stage, device).recall(peer)) stage.world.counts.add('recalls');
  },
  start: (stage, { device }) => deviceOf(stage, device).start(),
  kill: (stage, { device }) => deviceOf(stage, device).kill(),
  close: (stage, { device }) => deviceOf(stage, device).close(),
  unplug: (stage, { device }) => deviceOf(stage, device).unplug(),
  plug: (stage, { device }) => deviceOf(stage, device).plug(),
  cut({ world }, { device }) {
    for (const cable of world.network.cables()) if (cable.owner === device) cable.cut();
  },
  slow({ world }, { device, msPerByte }) {
    for (const cable of world.network.cables()) if (cable.owner === device) cable.slow(msPerByte);
  },
  suspend(stage, { device, forMs }) {
    const suspended = deviceOf(stage, device);
    suspended.freeze();
    stage.world.clock.after(forMs, () => suspended.thaw());
  },
  crash(stage, { place, downMs, silently }) {
    if (silently) {
      const url = urlOf(place);
      for (const cable of stage.world.network.cables()) if (cable.url === url) cable.cut();
    }
    placeOf(stage, place).crash(downMs);
  },
  doom: (stage, { place, calls, when, downMs }) => placeOf(stage, place).doom(calls, when, downMs),
  drain: (stage, { place, downMs }) => placeOf(stage, place).drain(downMs),
  freeze: (stage, { place, forMs }) => placeOf(stage, place).freeze(forMs),
  slowdown(stage, { place, times, forMs }) {
    const slowed = placeOf(stage, place);
    slowed.slow(times);
    stage.world.clock.after(forMs, () => slowed.slow(1));
  },
  clock: (stage, { place, skewMs }) => placeOf(stage, place).setClock(skewMs),
  outage({ world }, { machine: name, state, forMs }) {
    const machine = world.engines.machines[name];
    machine.state = state;
    world.clock.after(forMs, () => {
      machine.state = 'up';
    });
  },
  glitch: ({ world }, { machine, kind, count }) => world.engines.machines[machine].glitch(kind, count),
  empty: ({ world }) => world.engines.emptySoftState(),
  'forget-hints': ({ world }) => world.engines.loseDedupHints(),
  part({ world }, { from, to, fault, forMs }) {
    world.peers.fault(from, to, fault);
    world.clock.after(forMs, () => world.peers.mend(from, to));
  },
  duplicate({ world }, { rate, forMs }) {
    world.duplicates = rate;
    world.clock.after(forMs, () => {
      world.duplicates = 0;
    });
  },
};

function nameOf(where: { peer: string } | { group: string }): ConversationName {
  return 'peer' in where ? where.peer : { conversationId: where.group };
}

export function perform(stage: Stage, step: Step): void {
  stage.world.counts.add(`step ${step.do}`);
  stage.world.history.add({ type: 'noted', text: tellStep(step) });
  const performer = PERFORMERS[step.do] as (stage: Stage, step: Step) => void;
  performer(stage, step);
}

/** Ends every fault of the servers, the engines and the links. Devices are unchanged. */
export function heal({ world, places }: Stage): void {
  for (const machine of Object.values(world.engines.machines)) machine.calm();
  for (const place of places.values()) place.heal();
  for (const cable of world.network.cables()) cable.slow(0);
  world.peers.heal();
  world.duplicates = 0;
  world.history.add({ type: 'noted', text: 'servers, engines and links are healed' });
}

function deviceOf({ devices }: Stage, name: string): Device {
  const device = devices.get(name);
  if (device === undefined) throw new RangeError(`there is no device ${name}`);
  return device;
}

function placeOf({ places }: Stage, name: string): Place {
  const place = places.get(name);
  if (place === undefined) throw new RangeError(`there is no place ${name}`);
  return place;
}
