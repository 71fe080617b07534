import { type ConversationEvent, directAudience } from '@chasqui/domain';
import { toThree } from './conversation-of-three.ts';
import { eventsOf } from './events.ts';
import { TEAM } from './groups.ts';
import { type House, sessionOf } from './house.ts';

/**
 * The events on the bus when the fault occurs, one list for each bus message. Earlier ones were handled without faults.
 */
export type Scenario = (house: House) => Promise<ConversationEvent[][]>;

async function handled(house: House, ...events: ConversationEvent[]): Promise<void> {
  await house.publish(events);
  await house.quiet();
}

/** ann owns the group; bob is an admin, cid a member. */
async function team(house: House) {
  const events = eventsOf(house);
  const profile = { name: 'Team', description: '', picture: '' };
  await handled(
    house,
    events.change('ann', TEAM, 'create', { ...profile, settings: { mentionAll: 'all' }, members: ['bob', 'cid'] }),
    events.change('ann', TEAM, 'role', { userId: 'bob', role: 'admin' }),
  );
  await house.subscribe(TEAM);
  return events;
}

/** ann's messages to bob, who silently blocks her. */
const UNHEARD = { audience: directAudience('ann', 'bob', true) };

/** ann and bob are connected, cid is not. */
export const SCENARIOS: { readonly [name: string]: Scenario } = {
  'messages of both ends': async (house) => {
    const { message } = eventsOf(house);
    return [[message('ann', 'bob', 'one'), message('bob', 'ann', 'two')], [message('ann', 'bob', 'three')]];
  },

  'a message to someone absent': async (house) => [[eventsOf(house).message('ann', 'cid', 'one')]],

  'a resend that got a second id': async (house) => {
    const { message } = eventsOf(house);
    await handled(house, message('ann', 'bob', 'one'));
    return [[message('ann', 'bob', 'one'), message('ann', 'bob', 'two')]];
  },

  'a resend in the same batch, to someone absent': async (house) => {
    const { message } = eventsOf(house);
    return [[message('ann', 'cid', 'one'), message('ann', 'cid', 'one')]];
  },

  'another content under a used clientMessageId': async (house) => {
    const { message } = eventsOf(house);
    await handled(house, message('ann', 'bob', 'one'));
    return [[message('ann', 'bob', 'one', { content: { text: 'forgery' } }), message('ann', 'bob', 'two')]];
  },

  'ids that do not rise': async (house) => {
    const { message } = eventsOf(house);
    const [early, late] = [message('ann', 'bob', 'second'), message('ann', 'bob', 'first')];
    return [[late, early]];
  },

  'offline events': async (house) => {
    const { message, offline } = eventsOf(house);
    const sent = [message('ann', 'bob', 'one'), message('ann', 'bob', 'two'), message('bob', 'ann', 'three')];
    await handled(house, ...sent);
    return [sent.map((one) => offline(one))];
  },

  'delivered receipts': async (house) => {
    const { message, receipt } = eventsOf(house);
    const [one, two, three] = [
      message('ann', 'bob', 'one'),
      message('ann', 'bob', 'two'),
      message('bob', 'ann', 'tri'),
    ];
    await handled(house, one, two, three);
    return [[receipt('delivered', one, two)], [receipt('delivered', three)]];
  },

  'a read receipt for many': async (house) => {
    const { message, receipt } = eventsOf(house);
    const sent = Array.from({ length: 120 }, (_, index) => message('ann', 'bob', `text${index}`));
    await handled(house, ...sent);
    return [[receipt('read', ...sent.slice(-2))]];
  },

  'a second read receipt': async (house) => {
    const { message, receipt } = eventsOf(house);
    const [one, two, three] = [
      message('ann', 'bob', 'one'),
      message('ann', 'bob', 'two'),
      message('ann', 'bob', 'tri'),
    ];
    await handled(house, one, two, three, receipt('read', one));
    await house.look('bob');
    return [[receipt('read', one), receipt('read', two)]];
  },

  'what was read, and comes from other devices, the watch and the sender once more': async (house) => {
    const { message, offline, receipt, synced } = eventsOf(house);
    const [one, two, three] = [
      message('ann', 'cid', 'one'),
      message('ann', 'cid', 'two'),
      message('ann', 'cid', 'tri'),
    ];
    await handled(house, one, two, three, receipt('read', three));
    return [[offline(one), three, receipt('delivered', three)], [synced('cid', 3)]];
  },

  'a recall': async (house) => {
    const { message, offline, recall } = eventsOf(house);
    const [one, two] = [message('ann', 'bob', 'one'), message('ann', 'cid', 'two')];
    await handled(house, one, two, offline(two));
    return [[recall(one), recall(two)]];
  },

  'edits, a repeat of one, and a recall of what was edited': async (house) => {
    const { message, offline, edit, recall } = eventsOf(house);
    const [one, two] = [message('ann', 'bob', 'one'), message('ann', 'cid', 'two')];
    await handled(house, one, two, offline(two));
    const [first, second] = [edit(one, 'uno', 'a'), edit(one, 'eins', 'b')];
    return [
      [first, second, edit(two, 'due')],
      [first, edit(two, 'zwei'), recall(two)],
    ];
  },

  'reactions of both ends and a repeat, and a recall of what was reacted to': async (house) => {
    const { message, react, recall } = eventsOf(house);
    const [one, two] = [message('ann', 'bob', 'one'), message('ann', 'cid', 'two')];
    await handled(house, one, two);
    const [first, second] = [react(one, 'bob', '👍'), react(one, 'ann', '👍')];
    return [
      [first, second, react(two, 'ann', '👍')],
      [first, react(one, 'bob', '👍', { on: false }), react(one, 'bob', '❤️'), recall(two)],
    ];
  },

  'messages to somebody who silently blocks their sender, one of them taken back': async (house) => {
    const { message, recall, edit } = eventsOf(house);
    const [one, two] = [message('ann', 'bob', 'one', UNHEARD), message('ann', 'bob', 'two', UNHEARD)];
    return [
      [one, message('bob', 'ann', 'tri'), two],
      [recall(one), edit(two, 'zwei')],
    ];
  },

  'a resend of what its receiver never got, after the block': async (house) => {
    const { message } = eventsOf(house);
    await handled(house, message('ann', 'bob', 'one', UNHEARD));
    return [[message('ann', 'bob', 'one'), message('ann', 'bob', 'two')]];
  },

  'all states of earlier messages in one batch, beside a new message': async (house) => {
    const { message, offline, receipt } = eventsOf(house);
    const [old, older] = [message('ann', 'bob', 'old'), message('ann', 'bob', 'older')];
    await handled(house, old, older);
    await house.look('ann', 'bob', 'cid');
    return [
      [
        ...[message('ann', 'bob', 'one'), receipt('delivered', old), receipt('read', old)],
        ...[receipt('delivered', older), offline(older)],
      ],
    ];
  },

  'a sync that was confirmed': async (house) => {
    const { message, synced, receipt } = eventsOf(house);
    const [one, two] = [message('ann', 'cid', 'one'), message('bob', 'cid', 'two')];
    await handled(house, one, two, receipt('delivered', one));
    return [[synced('cid', 2)]];
  },

  'syncs of several users, one of them twice': async (house) => {
    const { message, synced } = eventsOf(house);
    await handled(house, message('ann', 'cid', 'one'), message('bob', 'cid', 'two'), message('cid', 'ann', 'three'));
    return [[synced('cid', 1), synced('ann', 2), synced('cid', 2)]];
  },

  'a message to three inboxes, and what becomes of it': async (house) => {
    const { message, offline, receipt, recall, synced } = eventsOf(house);
    const [old, gone] = [message('ann', 'bob', 'old', toThree('ann')), message('bob', 'ann', 'gone', toThree('bob'))];
    await handled(house, old, gone);
    return [
      [message('ann', 'bob', 'one', toThree('ann')), receipt('delivered', old), recall(gone)],
      [{ ...receipt('read', old), by: 'cid' }, offline(old, 'bob'), synced('cid', 2)],
    ];
  },

  'messages of members who come and go': async (house) => {
    const { inGroup, change } = await team(house);
    return [
      [
        ...[
          inGroup('cid', TEAM, 'one', { mentions: ['ann', 'eve'] }),
          change('ann', TEAM, 'remove', { users: ['cid'] }),
        ],
        ...[inGroup('cid', TEAM, 'refused'), inGroup('bob', TEAM, 'two', { mentions: 'all' })],
      ],
      [
        ...[change('bob', TEAM, 'add', { users: ['cid'] }), inGroup('cid', TEAM, 'three')],
        change('bob', TEAM, 'mute', { userId: 'cid', until: house.clock.now() + 60_000 }),
        ...[inGroup('cid', TEAM, 'muted'), inGroup('ann', TEAM, 'four')],
      ],
    ];
  },

  'messages of a group whose ids do not rise, a resend and a forgery': async (house) => {
    const { inGroup } = await team(house);
    const [early, late] = [inGroup('ann', TEAM, 'second'), inGroup('bob', TEAM, 'first')];
    await handled(house, inGroup('cid', TEAM, 'old'));
    const forged = inGroup('cid', TEAM, 'old', { content: { text: 'forgery' } });
    return [
      [late, early, inGroup('cid', TEAM, 'old')],
      [forged, inGroup('ann', TEAM, 'second')],
    ];
  },

  'what becomes of messages of a group': async (house) => {
    const { message, inGroup, change, receipt, recall } = await team(house);
    const [old, gone] = [inGroup('ann', TEAM, 'old'), inGroup('cid', TEAM, 'gone', { mentions: ['bob'] })];
    await handled(house, old, gone);
    const by = (who: string) => ({ by: who, sessionId: sessionOf(who) });
    return [
      [{ ...receipt('read', old), by: 'bob' }, { ...recall(gone), ...by('ann') }, inGroup('bob', TEAM, 'new')],
      [
        ...[
          { ...receipt('delivered', old), by: 'cid' },
          { ...receipt('read', gone), by: 'bob' },
        ],
        ...[change('cid', TEAM, 'leave', {}), { ...receipt('read', old), by: 'cid' }, message('ann', 'bob', 'direct')],
      ],
    ];
  },

  'everything at once': async (house) => {
    const { message, offline, receipt, recall, synced } = eventsOf(house);
    const [old, older] = [message('ann', 'bob', 'old'), message('bob', 'ann', 'older')];
    await handled(house, old, older);
    await house.look('ann', 'bob', 'cid');
    const [one, two, three] = [
      message('ann', 'bob', 'one'),
      message('ann', 'cid', 'two'),
      message('bob', 'ann', 'tri'),
    ];
    return [
      [receipt('delivered', old), one, two, receipt('delivered', one), recall(old)],
      [three, offline(two), receipt('read', one), synced('ann', 2), offline(older), message('ann', 'bob', 'one')],
    ];
  },
};
