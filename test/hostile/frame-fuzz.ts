import fc from 'fast-check';
import { messagePack } from './raw-socket.ts';

/** A valid frame of each type, to be mutated. Ids are of a conversation that the sender is a member of. */
const ID = '0'.repeat(24);
export const VALID: { [type: string]: { [field: string]: unknown } } = {
  chat: { type: 'chat', clientMessageId: 'c1', to: 'nobody', kind: 'c2c', content: { text: 'x' } },
  'chat in a group': {
    ...{
      type: 'chat',
      clientMessageId: 'c2',
      conversationId: 'team',
      content: { text: 'x' },
      mentions: ['nobody'],
      replyTo: { messageId: ID },
    },
  },
  'chat with a place': {
    ...{ type: 'chat', clientMessageId: 'c3', to: 'nobody' },
    content: { location: { latitude: 1, longitude: 2, name: 'x' }, contact: { userId: 'eva' } },
  },
  'chat that forwards': {
    ...{ type: 'chat', clientMessageId: 'c4', to: 'nobody' },
    forwardOf: { conversationId: 'mallory~nobody', messageId: ID, withOrigin: false },
  },
  ack: { type: 'ack', state: 'read', conversationId: 'mallory~nobody', messageIds: [ID] },
  sync_offline_messages: { type: 'sync_offline_messages', position: 0, limit: 10 },
  sync: { type: 'sync', conversationId: 'team', position: 0, limit: 10 },
  groups: { type: 'groups', since: 0, before: { updatedAt: 0, conversationId: 'team' }, limit: 10 },
  confirm_messages_synced: { type: 'confirm_messages_synced', position: 0 },
  typing: { type: 'typing', to: 'nobody' },
  presence_subscribe: { type: 'presence_subscribe', users: ['nobody'] },
  recall: { type: 'recall', conversationId: 'mallory~nobody', messageId: ID },
  action: {
    ...{ type: 'action', action: 'edit', conversationId: 'mallory~nobody', messageId: ID, actionId: 'a' },
    content: { text: 'x' },
    ...{ emoji: '👍', on: true },
  },
  ping: { type: 'ping' },
};

/** A placeholder text that `nested` replaces with arrays or objects too deep for `JSON.stringify`. */
const nest = fc
  .tuple(fc.integer({ min: 1, max: 5_000 }), fc.constantFrom('[', '{'))
  .map(([depth, bracket]) => `nest ${depth} ${bracket}`);

const nasty = fc.oneof(
  nest,
  nest.map((data) => ({ data })),
  nest.map((data) => ({ data: { a: data } })),
  fc.constantFrom('\ud83d', { data: { a: 'x\ude00' } }, { data: { '\ud83d': 1 } }, { text: '\ud83d' }),
  fc.constantFrom(null, true, -1, 1.5, 1e308, 2 ** 53, '', ' ', '\u0000', '~', 'a~b~c', '__proto__', [], {}, [[]]),
  fc.string({ maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 100 }),
  fc.array(fc.anything(), { maxLength: 5 }),
  fc.dictionary(fc.string({ maxLength: 10 }), fc.anything(), { maxKeys: 5 }),
);

/** One valid frame with one field replaced, removed or added. */
const oneSpoiled = fc
  .tuple(
    fc.constantFrom(...Object.values(VALID)),
    fc.oneof(fc.nat(5), fc.string({ minLength: 1, maxLength: 12 })),
    fc.constantFrom('replace', 'remove'),
    nasty,
  )
  .map(([frame, where, how, value]) => {
    const fields = Object.keys(frame);
    const field = typeof where === 'number' ? (fields[where % fields.length] ?? 'type') : where;
    const { [field]: _old, ...rest } = frame;
    return how === 'remove' ? rest : { ...rest, [field]: value };
  });

/** Such a frame, or a message that is valid except for the depth of its `data`. */
export const spoiled = fc.oneof(
  { weight: 9, arbitrary: oneSpoiled },
  { weight: 1, arbitrary: nest.map((data) => ({ ...VALID.chat, content: { data: { a: data } } })) },
);

/** The JSON text of a frame, with deep nesting in place of its placeholders. */
export function nested(text: string): string {
  return text.replaceAll(/"nest (\d+) ([[{])"/g, (_, depth, bracket) =>
    bracket === '[' ? `${'['.repeat(depth)}${']'.repeat(depth)}` : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
  );
}

const odd = fc.constantFrom(
  // Extensions, a shared node, binary, a BigInt, NaN, a declared length of 4·10⁹ items, deep nesting, an unused byte.
  ...[
    [0xd6, 0x69, 0, 0, 0, 1],
    [0xd6, 0x70, 0, 0, 0, 1],
    [0xd6, 0xff, 0, 0, 0, 0],
    [0xc7, 2, 0x69, 0, 0],
  ],
  ...[[0xc4, 2, 1, 2], new Array(9).fill(0xcf), new Array(9).fill(0xd3), [0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0]],
  ...[[0xdd, 0xff, 0xff, 0xff, 0xff], [0xdf, 0xff, 0xff, 0xff, 0xff], new Array<number>(5_000).fill(0x91), [0xc1]],
);
const change = fc.record({
  at: fc.nat(),
  removed: fc.nat({ max: 8 }),
  put: fc.oneof(fc.array(fc.nat({ max: 255 }), { maxLength: 6 }), odd),
});

/** A byte that occurs in the frame below only where it is to be replaced. */
const PLACE = 0x7f;
const holder = messagePack.pack({ ...VALID.chat, content: { data: { a: { b: [PLACE] } } } });

/** A MessagePack frame with bytes removed, changed or inserted anywhere, or with `data` that JSON cannot express. */
export const wrecked = fc.oneof(
  fc
    .tuple(
      fc.oneof(fc.constantFrom(...Object.values(VALID)), spoiled),
      fc.array(change, { minLength: 1, maxLength: 3 }),
    )
    .map(([frame, changes]) => {
      const bytes = [...messagePack.pack(frame)];
      for (const { at, removed, put } of changes) bytes.splice(at % (bytes.length + 1), removed, ...put);
      return Uint8Array.from(bytes);
    }),
  odd.map((bytes) => Uint8Array.from([...holder].flatMap((byte) => (byte === PLACE ? bytes : [byte])))),
);
