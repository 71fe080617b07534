import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPerson, type Person } from './person.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let ann: Person;
let bob: Person;
const soon = { timeout: 15_000 };

beforeAll(async () => {
  stage = await openStage();
  ann = await newPerson(stage.browser, stage.origin, 'ann', { node: 1 });
  bob = await newPerson(stage.browser, stage.origin, 'bob', { node: 2 });
});
afterAll(() => stage?.[Symbol.asyncDispose]());

describe('a group on two nodes', () => {
  it('is in the list of its members, who write and read', async () => {
    const created = await fetch(`${stage.origin}/api/groups`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await stage.cluster.token('ann')}`, 'content-type': 'application/json' },
      body: JSON.stringify({ conversationId: 'walks', name: 'Walks', members: ['bob'] }),
    });
    expect(created.status).toBe(201);
    await ann.openGroup('walks');
    await bob.openGroup('walks');
    await ann.write('Who comes along?');
    await expect.poll(() => bob.texts(), soon).toEqual(['Who comes along?']);
    await bob.write('我！');
    await expect.poll(() => ann.texts(), soon).toEqual(['Who comes along?', '我！']);
    expect([...ann.faults, ...bob.faults]).toEqual([]);
  });
});
