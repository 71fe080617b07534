import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES, MESSAGE_STATUSES, TRACE_STATES } from '@chasqui/domain';
import { CLOSE_CODES } from '@chasqui/protocol';
import { expect, test } from 'vitest';

const page = readFileSync(join(import.meta.dirname, '../../docs/ARCHITECTURE.md'), 'utf8');

/** The diagram under a heading. */
function picture(heading: string): string {
  const section = page.slice(page.indexOf(`### ${heading}\n`));
  return /```\n([\s\S]*?)```/.exec(section)?.[1] ?? expect.fail(`no picture under ${heading}`);
}

test('C15: the exits of a frame are errors and close codes that there are', () => {
  const exits = [...picture("A frame's way, and its exits").matchAll(/> (?:close )?([a-z_]+(?:, [a-z_]+)*)$/gm)];
  const codes = exits.flatMap(([, list = '']) => list.split(', '));
  expect(codes.length).toBeGreaterThan(15);
  const known = new Set<string>([...Object.keys(ERROR_CODES), ...Object.keys(CLOSE_CODES)]);
  expect(codes.filter((code) => !known.has(code))).toEqual([]);
});

test('the states of a message are all in their picture, and no others', () => {
  const words = new Set(picture('The states of a message').match(/[a-z_]{4,}/g));
  for (const word of ['follows', 'from', 'member', 'mark']) words.delete(word);
  expect([...words].sort()).toEqual([...new Set([...MESSAGE_STATUSES, ...TRACE_STATES])].sort());
});

test('the sender’s own refusals are all among the exits', () => {
  const files = ['message-sender.ts', 'checks.ts', 'conversation-kind.ts', 'conversations/group.ts'];
  const send = join(import.meta.dirname, '../../apps/connect/src/send');
  const sender = files.map((file) => readFileSync(join(send, file), 'utf8')).join('');
  const thrown = [...sender.matchAll(/new ImError\(\s*'([a-z_]+)'/g)].map(([, code = '']) => code);
  expect(thrown.length).toBeGreaterThan(3);
  expect(thrown.filter((code) => !picture("A frame's way, and its exits").includes(code))).toEqual([]);
});
