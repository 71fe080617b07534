import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Filed, UnindexedMessages } from './unindexed-messages.ts';

const CONVERSATIONS = [1, 2];
const id = fc.integer({ min: 10, max: 40 }).map(String);
const change = fc.record({
  what: fc.constantFrom('add', 'add', 'add', 'delete', 'note', 'forget'),
  conversation: fc.constantFrom(...CONVERSATIONS),
  id,
});

test('C3: it has the messages that a map of maps has, through additions, removals and flushes', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 80 }), id, id, (changes, after, before) => {
      const recent = new UnindexedMessages();
      const model = new Map(CONVERSATIONS.map((conversation) => [conversation, new Map<string, Filed>()]));
      let flushed = recent.all();
      for (const [seq, { what, conversation, id }] of changes.entries()) {
        const mine = model.get(conversation);
        const filed = { id, seq, sender: 7, audience: [7, 8] };
        if (what === 'add') recent.add(conversation, filed);
        if (what === 'add') mine?.set(id, filed);
        if (what === 'delete') recent.delete(conversation, id);
        if (what === 'delete') mine?.delete(id);
        if (what === 'note') flushed = recent.all();
        if (what !== 'forget') continue;
        for (const indexed of flushed) {
          recent.forget(indexed);
          const theirs = model.get(indexed.conversation);
          for (const [known, at] of indexed.ids) if (theirs?.get(known)?.seq === at) theirs.delete(known);
        }
      }
      expect(recent.size).toBe([...model.values()].reduce((sum, { size }) => sum + size, 0));
      for (const [conversation, mine] of model) {
        const ids = [...mine.keys()].sort();
        expect(recent.newest(conversation)).toBe(ids.at(-1) ?? '');
        for (let n = 10; n <= 40; n++) expect(recent.get(conversation, String(n))).toBe(mine.get(String(n)));
        const between = recent.between(conversation, { after, before }).map((one) => one.id);
        expect(between).toEqual(ids.filter((one) => one > after && one < before));
        const all = recent.all().find((indexed) => indexed.conversation === conversation)?.ids ?? [];
        expect(all).toEqual(ids.map((one) => [one, mine.get(one)?.seq]));
      }
    }),
    { numRuns: 500 },
  );
});
