import {
  ATTACHMENT_LIMITS,
  type Attachment,
  attachedFile,
  groupLog,
  type HeldMessage,
  type LegalHold,
  type Message,
  type MessageToRecord,
} from '@chasqui/domain';
import type { AttachmentStore, ConversationStore, HoldStore, NewAttachment } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';
import { createSamples, toRecord } from './samples.ts';

/** The ledger, and the stores whose transactions write references. */
export interface Attachments {
  attachments: AttachmentStore;
  conversations: ConversationStore;
  holds: HoldStore;
}

const T = 1_767_225_600_000;
const LATER = 4_000_000_000_000;
const idOf = (n: number) => n.toString(16).padStart(32, '0');

function newAttachment(n: number, fields: Partial<NewAttachment> = {}): NewAttachment {
  return {
    ...{ id: idOf(n), owner: 'ann', name: `file ${n} 文件 "a".pdf`, size: 1_000_000 + n, type: 'application/pdf' },
    ...{ sha256: n.toString(16).padStart(64, '0'), reservedAt: T + n },
    ...fields,
  };
}

/** Everything that `AttachmentStore` promises, and what its neighbours promise of references. */
export function attachmentStoreContract(name: string, harness: Harness<Attachments>): void {
  describe(`AttachmentStore: ${name}`, { timeout: 60_000 }, () => {
    const subject = subjectOf(harness, ({ attachments, conversations, holds }) => [attachments, conversations, holds]);
    const ledger = () => subject.current.attachments;
    const samples = createSamples(harness.clock);

    async function ready(n: number, fields: Partial<NewAttachment> = {}): Promise<Attachment> {
      await ledger().reserve(newAttachment(n, fields));
      const settled = await ledger().settle(idOf(n), { state: 'ready', type: 'image/png' }, T + n);
      return settled ?? expect.fail('it was reserved');
    }
    /** From Ann to Bob. */
    function carrying(files: readonly Attachment[], fields: Partial<Message> = {}): MessageToRecord {
      const content = { text: 'see', attachments: files.map(attachedFile) };
      return toRecord(samples.message({ from: 'ann', to: 'bob', content, ...fields }));
    }
    async function send(files: readonly Attachment[], fields: Partial<Message> = {}): Promise<MessageToRecord> {
      const message = carrying(files, fields);
      const [outcome] = await subject.current.conversations.record([message]);
      expect(outcome?.result).toBe('recorded');
      return { ...message, messageId: outcome?.messageId ?? '' };
    }
    const recall = ({ conversationId, messageId, from, audience }: Message) =>
      subject.current.conversations.act([
        {
          ...{ action: 'recall', revision: 1, by: from, at: T, conversationId, messageId, audience },
        },
      ]);
    const due = () => ledger().due(LATER, 99);

    test('an attachment is reserved once, then ready with the type that was found, or refused for a reason', async () => {
      const [first, second] = [newAttachment(1), newAttachment(2)];
      for (const one of [first, second, { ...first, name: 'other' }]) await ledger().reserve(one);
      expect(await ledger().get([idOf(2), idOf(9), idOf(1)])).toEqual([
        { ...second, state: 'uploading' },
        null,
        { ...first, state: 'uploading' },
      ]);
      const isReady = { ...first, state: 'ready', type: 'image/png' };
      expect(await ledger().settle(idOf(1), { state: 'ready', type: 'image/png' }, T)).toEqual(isReady);
      const refused = { state: 'refused', reason: 'checksum_wrong' } as const;
      expect(await ledger().settle(idOf(1), refused, T)).toEqual(isReady);
      expect(await ledger().settle(idOf(2), refused, T)).toEqual({ ...second, ...refused });
      expect(await ledger().settle(idOf(9), refused, T)).toBeNull();
      expect(await ledger().get([])).toEqual([]);
      await ledger().ping();
    });

    test('what was announced of a picture stays until it is checked; what is stored then has its own size and digest', async () => {
      const announced = { width: 40, height: 30, waveform: [0, 100], announced: true } as const;
      await ledger().reserve(newAttachment(1, { media: announced }));
      expect(await ledger().get([idOf(1)])).toEqual([
        { ...newAttachment(1, { media: announced }), state: 'uploading' },
      ]);
      const stored = { size: 7, sha256: 'f'.repeat(64) };
      const media = { width: 30, height: 40, thumbHash: 'AAAAAAAA', thumbnails: [320], animated: true } as const;
      const outcome = { state: 'ready', type: 'image/gif', stored, media } as const;
      const settled = await ledger().settle(idOf(1), outcome, T);
      expect(settled).toEqual({
        ...newAttachment(1),
        ...stored,
        media,
        isCleaned: true,
        state: 'ready',
        type: 'image/gif',
      });
      const sent = await send([settled ?? expect.fail('it was reserved')]);
      expect(await ledger().attached(idOf(1), sent)).toEqual(settled);
      await ledger().reserve(newAttachment(2, { media: announced }));
      await ledger().settle(idOf(2), { state: 'ready', type: 'text/plain' }, T);
      expect(await ledger().get([idOf(2)])).toEqual([{ ...newAttachment(2), state: 'ready', type: 'text/plain' }]);
    });

    test('C16: a user has so many open uploads and no more, until one of them ends', async () => {
      const { maxOpenUploads } = ATTACHMENT_LIMITS;
      const all = Array.from({ length: maxOpenUploads }, (_, n) => ledger().reserve(newAttachment(n + 1)));
      await Promise.all(all);
      const full = { code: 'limit_reached' };
      await expect(ledger().reserve(newAttachment(99))).rejects.toMatchObject(full);
      await ledger().reserve(newAttachment(maxOpenUploads));
      await ledger().reserve(newAttachment(99, { owner: 'bob' }));
      await ledger().settle(idOf(1), { state: 'ready', type: 'image/png' }, T);
      await ledger().reserve(newAttachment(100));
      await expect(ledger().reserve(newAttachment(101))).rejects.toMatchObject(full);
      expect(await ledger().abandon('ann', [idOf(2)])).toBe(1);
      await ledger().reserve(newAttachment(101));
    });

    test('a recorded message refers to its attachments; a copy of it, another message and a refused one do not', async () => {
      const files = [await ready(1), await ready(2)];
      const message = await send(files);
      for (const file of files) expect(await ledger().attached(file.id, message)).toEqual(file);
      expect(await ledger().attached(idOf(3), message)).toBeNull();
      expect(await ledger().attached(idOf(1), { ...message, conversationId: 'ann~cat' })).toBeNull();
      const [copy] = await subject.current.conversations.record([{ ...message, messageId: samples.nextId() }]);
      expect(copy).toMatchObject({ result: 'duplicate', messageId: message.messageId });
      const nowhere = {
        conversationId: 'no-such-group',
        kind: 'group',
        audience: [groupLog('no-such-group')],
      } as const;
      const group = carrying(files, nowhere);
      await subject.current.conversations.record([group]);
      expect(await ledger().attached(idOf(1), group)).toBeNull();
      await recall(message);
      expect(await due()).toHaveLength(2);
    });

    test('C20: nobody refers to what is not ready, not there, or of somebody else who has not sent it', async () => {
      await ledger().reserve(newAttachment(1));
      const [open] = (await ledger().get([idOf(1)])) as [Attachment];
      const theirs = await ready(2, { owner: 'cat' });
      const absent = { ...theirs, id: idOf(3) };
      const message = await send([open, theirs, absent]);
      for (const n of [1, 2, 3]) expect(await ledger().attached(idOf(n), message)).toBeNull();
      await send([theirs], { from: 'cat', conversationId: 'bob~cat', audience: ['cat', 'bob'] });
      const forward = await send([theirs]);
      expect(await ledger().attached(idOf(2), forward)).toEqual(theirs);
    });

    test('what a message refers to stays; a recall drops the reference, and the last one leaves time', async () => {
      const file = await ready(1);
      const [first, second] = [await send([file]), await send([file])];
      expect(await due()).toEqual([]);
      await recall(first);
      await recall(first);
      expect(await ledger().attached(idOf(1), first)).toBeNull();
      expect(await ledger().attached(idOf(1), second)).toEqual(file);
      expect(await due()).toEqual([]);
      await recall(second);
      expect(await ledger().due(T + ATTACHMENT_LIMITS.unusedMs + 1, 9)).toEqual([]);
      expect(await send([file])).toBeDefined();
      expect(await due()).toEqual([]);
    });

    test('unfinished, refused, unused and abandoned ones become due, each at its time, until they are struck', async () => {
      const { uploadMs, unusedMs } = ATTACHMENT_LIMITS;
      await ledger().reserve(newAttachment(1));
      await ready(2, { reservedAt: T });
      await ledger().reserve(newAttachment(3));
      await ledger().settle(idOf(3), { state: 'refused', reason: 'checksum_wrong' }, T + 3);
      const used = await ready(4);
      await send([used]);
      await ready(5);
      expect(await ledger().due(T + 2, 9)).toEqual([]);
      expect(await ledger().due(T + 3, 9)).toEqual([idOf(3)]);
      expect(await ledger().abandon('bob', [idOf(5)])).toBe(0);
      expect(await ledger().abandon('ann', [idOf(4), idOf(5), idOf(9)])).toBe(1);
      expect(await ledger().abandon('ann', [])).toBe(0);
      expect((await ledger().due(T + 3, 9)).sort()).toEqual([idOf(3), idOf(5)]);
      await ledger().strike([idOf(3), idOf(4), idOf(1)]);
      expect(await ledger().due(T + uploadMs + 1, 9)).toEqual(expect.arrayContaining([idOf(1), idOf(5)]));
      expect(await ledger().due(T + unusedMs + 9, 1)).toHaveLength(1);
      expect((await ledger().due(T + unusedMs + 9, 9)).sort()).toEqual([1, 2, 5].map(idOf));
      const [late] = (await ledger().get([idOf(2)])) as [Attachment];
      expect(late.state).toBe('due');
      expect(await ledger().attached(idOf(2), await send([late]))).toBeNull();
      await ledger().strike([1, 2, 5].map(idOf));
      await ledger().strike([]);
      expect((await ledger().page('', 9)).map(({ id }) => id)).toEqual([idOf(4)]);
    });

    test('all that a user has not sent is abandoned at once, and nothing else', async () => {
      await ledger().reserve(newAttachment(1));
      await ready(2);
      await send([await ready(3)]);
      await ready(4, { owner: 'bob' });
      expect(await ledger().abandon('ann', 'all')).toBe(2);
      expect(await ledger().abandon('ann', 'all')).toBe(0);
      expect((await ledger().due(T, 9)).sort()).toEqual([idOf(1), idOf(2)]);
      expect((await ledger().page(idOf(1), 2)).map(({ id, state }) => [id, state])).toEqual([
        [idOf(2), 'due'],
        [idOf(3), 'ready'],
      ]);
    });

    test('a legal hold keeps the attachments of what it keeps until it is released', async () => {
      const hold: LegalHold = {
        holdId: 'a'.repeat(24),
        kind: 'user',
        subject: 'ann',
        reason: 'x',
        placedBy: 'y',
        placedAt: T,
      };
      const file = await ready(1);
      const message = await send([file]);
      const { messageId, conversationId, from, sentAt, content } = message;
      const held: HeldMessage = { holdId: hold.holdId, messageId, conversationId, from, sentAt, deletedAt: T, content };
      await subject.current.holds.place(hold);
      for (let n = 0; n < 2; n++) await subject.current.holds.keep([held]);
      await recall(message);
      expect(await due()).toEqual([]);
      expect((await ledger().get([idOf(1)]))[0]).toEqual(file);
      expect(await subject.current.holds.release(hold.holdId, 9)).toBe(true);
      expect(await due()).toEqual([idOf(1)]);
    });

    if (harness.reopen !== undefined) {
      test('the ledger and its references survive a kill', async () => {
        const file = await ready(1);
        const message = await send([file]);
        await subject.reopen();
        expect(await ledger().attached(idOf(1), message)).toEqual(file);
        expect(await due()).toEqual([]);
      });
    }
  });
}
