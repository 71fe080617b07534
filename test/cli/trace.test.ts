import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toRecord } from '@chasqui/contracts';
import { directAudience, encodeMessage, HybridClock, type Message, type MessageStep } from '@chasqui/domain';
import { openEmbeddedEngines } from '@chasqui/embedded';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createProgram } from '../../apps/cli/src/program.ts';
import { runCommand } from '../../apps/cli/src/testing/run-command.ts';

const SENT_AT = Date.UTC(2026, 0, 1);
const READ_AT = SENT_AT + 7_000;

function said(messageId: string, clientMessageId: string): Message {
  const about = { conversationId: 'ann~bob', from: 'ann', fromDevice: 'phone', kind: 'c2c' } as const;
  const audience = directAudience('ann', 'bob');
  return { ...about, messageId, clientMessageId, content: { text: 'a secret' }, sentAt: SENT_AT, audience };
}

/** What a server left: two messages that bob has, of which he has read the first. */
async function left() {
  const dataDir = await mkdtemp(join(tmpdir(), 'chasqui-trace-'));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const parts = { clock: systemClock, random: systemRandom, logger: silentLogger };
  await using engines = await openEmbeddedEngines({ ...parts, dataDir });
  const ids = new HybridClock({ now: () => SENT_AT, tag: 1 });
  const messages = [said(ids.next(), 'one'), said(ids.next(), 'two')] as const;
  const steps: MessageStep[] = [
    { state: 'queued', at: SENT_AT + 2, node: 'connect-1' },
    { state: 'storing', at: SENT_AT + 3, node: 'business-1' },
    { state: 'delivered', at: SENT_AT + 9, node: 'connect-2' },
  ];
  await engines.conversations.record(messages.map((message) => toRecord(message)));
  await engines.messages.put(messages.map((message) => ({ ...encodeMessage(message), steps })));
  for (const { conversationId, messageId } of messages) {
    const delivered = { status: 'delivered', at: SENT_AT + 9, node: 'connect-2' } as const;
    await engines.messages.raise([{ conversationId, messageId, member: 'bob', ...delivered }]);
  }
  const [{ messageId: upTo, conversationId }] = messages;
  await engines.conversations.markRead({ userId: 'bob', conversationId, upTo, at: READ_AT, node: 'connect-3' });
  return { dataDir, read: messages[0].messageId, unread: messages[1].messageId };
}

async function trace(dataDir: string, messageId: string, ...flags: string[]): Promise<string> {
  const written: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  try {
    await (await createProgram({})).parseAsync(['trace', messageId, '--data', dataDir, ...flags], { from: 'user' });
  } finally {
    write.mockRestore();
  }
  return written.join('');
}

test('C7: the command shows a message as read by the mark of its reader, with its time and node, and none above the mark', async () => {
  const { dataDir, read, unread } = await left();
  const shown = JSON.parse(await trace(dataDir, read, '--json'));
  expect(shown).toMatchObject({ messageId: read, status: 'read', statuses: { bob: 'read' } });
  expect(shown.steps.at(-1)).toEqual({ state: 'read', at: READ_AT, node: 'connect-3' });
  const lines = (await trace(dataDir, read)).trimEnd().split('\n');
  expect(lines[3]).toBe('now        read: the receiver read it');
  expect(lines.at(-1)).toMatch(/^read +2026-01-01T00:00:07\.000Z +\+7000 ms {2}connect-3 +the receiver read it/);
  const above = JSON.parse(await trace(dataDir, unread, '--json'));
  expect(above.status).toBe('delivered');
  expect(above.steps.map(({ state }: MessageStep) => state)).not.toContain('read');
}, 150_000);

test('of a message that is not there, the command says which engine it asked', async () => {
  const { dataDir } = await left();
  const { code, err } = await runCommand(['trace', '0'.repeat(24), '--data', dataDir], { cwd: dataDir, env: {} });
  expect([code, err]).toEqual([
    1,
    expect.stringContaining(
      `is stored in the embedded engine of ${dataDir}: it may still wait on the bus, or the server`,
    ),
  ]);
}, 150_000);
