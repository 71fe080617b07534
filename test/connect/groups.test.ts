import { expect, test } from 'vitest';
import { framesOf, groupWorld, heard } from './group-world.ts';

test('C19: a message to a group comes to every member’s other device on every node, once it is queued, and to nobody else', async () => {
  const { login, change, clock } = await groupWorld();
  await change('create', 'ann', { name: 'Team', description: '', picture: '', settings: {}, members: ['bob', 'cid'] });
  const ann = await login('ann');
  const tablet = await login('ann', 1, 'tablet');
  const [bob, cid, old, dan] = [
    await login('bob', 0),
    await login('cid', 1),
    await login('cid', 1, 'old', {}),
    await login('dan', 1),
  ];
  ann.write({
    type: 'chat',
    clientMessageId: 'k1',
    conversationId: 'team',
    content: { text: 'hello' },
    mentions: ['bob'],
  });
  await clock.advance(50);
  expect(framesOf(ann, 'send_ack')).toMatchObject([{ clientMessageId: 'k1', conversationId: 'team' }]);
  for (const device of [tablet, bob, cid]) {
    expect(framesOf(device, 'chat')).toMatchObject([
      { from: 'ann', kind: 'group', conversationId: 'team', mentions: ['bob'], content: { text: 'hello' } },
    ]);
  }
  expect([ann, old, dan].map(heard)).toEqual([[], [], []]);
});
