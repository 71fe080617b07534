import { type Attachments, type FullClient, ImError, type MessageToSend, type UploadOptions } from '@chasqui/client';
import type { AttachedFile } from '@chasqui/domain';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Api } from '../../api.ts';
import { withFiles } from '../../model/files/chosen-files.ts';
import { FileCache } from './file-cache.ts';
import type { KeptUploads } from './kept-uploads.ts';
import { OutgoingFiles } from './outgoing-files.ts';
import type { KeptMessage } from './pending-message.ts';
import { Uploader } from './uploader.ts';

interface Begun extends UploadOptions {
  name: string;
  ends: PromiseWithResolvers<AttachedFile>;
}

const settled = () => new Promise((resolve) => setTimeout(resolve));
const attached = (name: string): AttachedFile => ({ id: `id of ${name}`, name, size: 1, type: 'text/plain' });
const chosen = (...names: string[]) =>
  withFiles(
    [],
    names.map((name) => new File(['x'], name)),
  ).files;
const bob = { conversationId: 'ann~bob', peer: 'bob' };
const team = { conversationId: 'team', peer: '' };

const MEASURES = { width: 30, height: 20 };
let sent: MessageToSend[];
let begun: Begun[];
let kept: Map<string, KeptMessage>;
let known: { [id: string]: string };
let online: () => void;
let slow: PromiseWithResolvers<void>;

beforeEach(() => {
  [sent, begun, kept, known] = [[], [], new Map(), {}];
  slow = Promise.withResolvers();
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:x');
  return () => vi.restoreAllMocks();
});

function open(signal = new AbortController().signal): OutgoingFiles {
  const attachments: Pick<Attachments, 'upload'> = {
    upload(file, options = {}) {
      const one = { ...options, name: (file as File).name, ends: Promise.withResolvers<AttachedFile>() };
      begun.push(one);
      const ends = {
        pause: vi.fn(),
        resume: vi.fn(),
        cancel: () => one.ends.reject(new ImError('connection_closed', 'x')),
      };
      return {
        ...ends,
        id: `id of ${one.name}`,
        state: 'waiting',
        sent: 0,
        total: 1,
        pictureUrl: '',
        done: one.ends.promise,
      };
    },
  };
  const api = {
    async call(_: string, path: string) {
      const state = known[path.split('/').at(-1) ?? ''];
      if (state === undefined) throw new ImError('not_found', 'no such attachment');
      return { state };
    },
  } as Pick<Api, 'call'>;
  const client = {
    send(message: MessageToSend) {
      sent.push(message);
      return { error: undefined };
    },
    on(_: string, handler: (event: unknown) => void) {
      online = () => handler({ state: 'online' });
      return () => undefined;
    },
  } as unknown as Pick<FullClient, 'send' | 'on'>;
  const store: KeptUploads = {
    keys: async () => [...kept.keys()],
    get: async (key) => kept.get(key),
    put: async (message) => void kept.set(message.key, message),
    remove: async (key) => void kept.delete(key),
    clear: async () => kept.clear(),
  };
  const measure = async ({ name }: File) => {
    if (name === 'slow') await slow.promise;
    return name === 'a' ? MEASURES : undefined;
  };
  const uploader = new Uploader({
    api,
    attachments,
    measure,
  });
  return new OutgoingFiles({ client, uploader, cache: new FileCache(), kept: store, name: 'test' }, signal);
}

const end = async (i: number) => {
  const one = begun[i] as Begun;
  one.ends.resolve(attached(one.name));
  await settled();
};

test('a message is sent once all of its files are ready, in their order, to where it was written', async () => {
  const outgoing = open();
  outgoing.add(bob, { text: 'see' }, chosen('a', 'b'));
  outgoing.add(team, { text: '', mentions: 'all' }, chosen('c'));
  await settled();
  await end(1);
  expect(sent).toEqual([]);
  await end(0);
  await end(2);
  expect(sent).toEqual([
    {
      to: 'bob',
      content: { text: 'see', attachments: [attached('a'), attached('b')] },
      clientMessageId: expect.any(String),
    },
    {
      conversationId: 'team',
      content: { attachments: [attached('c')] },
      mentions: 'all',
      clientMessageId: expect.any(String),
    },
  ]);
  expect(outgoing.list.get()).toEqual([]);
  await settled();
  expect(kept.size).toBe(0);
});

test('what the page has measured of a file is announced', async () => {
  open().add(bob, { text: '' }, chosen('a', 'b'));
  await settled();
  expect(begun.map(({ name, media }) => [name, media])).toEqual([
    ['a', MEASURES],
    ['b', undefined],
  ]);
});

test('a file that is left out while it is measured is not uploaded', async () => {
  const outgoing = open();
  outgoing.add(bob, { text: '' }, chosen('slow', 'b'));
  await settled();
  const [message] = outgoing.list.get();
  outgoing.cancel(message?.key ?? '', message?.files[0]?.key ?? '');
  slow.resolve();
  await settled();
  expect(begun.map(({ name }) => name)).toEqual(['b']);
});

test('a file that failed holds the message back, until it is tried again or left out', async () => {
  const outgoing = open();
  outgoing.add(bob, { text: 'see' }, chosen('a', 'b'));
  await settled();
  await end(0);
  begun[1]?.ends.reject(new ImError('invalid_request', 'too large', { field: 'size' }));
  await settled();
  const [message] = outgoing.list.get();
  expect(message?.files.map(({ state }) => state)).toEqual(['ready', 'failed']);
  online();
  await settled();
  expect(begun).toHaveLength(2);
  outgoing.cancel(message?.key ?? '', message?.files[1]?.key ?? '');
  expect(sent.map(({ content }) => content.attachments)).toEqual([[attached('a')]]);
});

test('what failed for being offline goes on when the page is online', async () => {
  const outgoing = open();
  outgoing.add(bob, { text: '' }, chosen('a'));
  await settled();
  begun[0]?.ends.reject(new ImError('connection_closed', 'away'));
  await settled();
  online();
  await settled();
  await end(1);
  expect(sent).toHaveLength(1);
});

test('a message without files is not sent', async () => {
  const outgoing = open();
  outgoing.add(bob, { text: 'see' }, chosen('a'));
  await settled();
  const [message] = outgoing.list.get();
  outgoing.cancel(message?.key ?? '', message?.files[0]?.key ?? '');
  await settled();
  expect([sent, outgoing.list.get(), kept.size]).toEqual([[], [], 0]);
});

test('the next page goes on with what the server has, under the same key, and begins anew with what it has not', async () => {
  const closing = new AbortController();
  open(closing.signal).add(bob, { text: 'see' }, chosen('a', 'b'));
  await settled();
  for (const { onProgress } of begun) onProgress?.({ state: 'uploading', sent: 1, total: 1 });
  await settled();
  const [key = ''] = kept.keys();
  closing.abort();
  known = { 'id of a': 'uploading', 'id of b': 'refused' };
  begun = [];
  await open().restore();
  await settled();
  await settled();
  expect(begun.map(({ name, id }) => [name, id])).toEqual([
    ['a', 'id of a'],
    ['b', undefined],
  ]);
  await end(0);
  await end(1);
  expect(sent).toMatchObject([{ to: 'bob', content: { text: 'see' }, clientMessageId: key }]);
});

test('when the user signs out, nothing stays', async () => {
  const outgoing = open();
  outgoing.add(bob, { text: 'see' }, chosen('a'));
  await settled();
  await outgoing.forget();
  await settled();
  expect(kept.size).toBe(0);
});
