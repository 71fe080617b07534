import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { CLIENT_FRAMES } from './client-frames.ts';
import { CLOSE_CODES } from './close-codes.ts';
import { type ProtocolMessage, protocolDocument } from './schema-document.ts';
import { SERVER_FRAMES } from './server-frames.ts';
import { check } from './testing/check.ts';

const prose = await readFile(new URL('../../../docs/protocol.md', import.meta.url), 'utf8');
const document = protocolDocument();
const messages = Object.entries(document.components.messages);

/** The part of docs/protocol.md on one frame: `### chat` under `## Client frames` or `## Server frames`. */
function sectionOf(name: string): string {
  const [direction = '', type = ''] = name.split('.');
  const half = direction === 'client' ? 'Client frames' : 'Server frames';
  const chapter = prose.split(/^## /m).find((part) => part.startsWith(half)) ?? '';
  return chapter.split(/^### /m).find((part) => part.split('\n')[0] === `\`${type}\``) ?? '';
}

function fieldsOf({ payload }: ProtocolMessage): string[] {
  return Object.keys(payload.properties as object).filter((field) => field !== 'type');
}

function jsonOf(section: string): unknown[] {
  return [...section.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']) => JSON.parse(text));
}

describe('the published protocol', () => {
  test('has every frame of both directions, and no reference leads nowhere', () => {
    expect(messages.map(([name]) => name)).toEqual([
      ...Object.keys(CLIENT_FRAMES).map((type) => `client.${type}`),
      ...Object.keys(SERVER_FRAMES).map((type) => `server.${type}`),
    ]);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/(.*?)"/g)].map(([, path = '']) => path);
    expect(references.length).toBeGreaterThan(50);
    for (const path of references) {
      const found = path.split('/').reduce<unknown>((at, key) => (at as { [key: string]: unknown })?.[key], document);
      expect(found, path).toBeDefined();
    }
  });

  test.each(messages)('docs/protocol.md explains %s, each of its fields, and none that it has not', (name, message) => {
    const section = sectionOf(name);
    const rows = [...section.matchAll(/^\| `(\w+)`(\?)? \|/gm)];
    const required = message.payload.required as string[];
    expect(rows.map(([, field = '']) => field).toSorted()).toEqual(fieldsOf(message).toSorted());
    for (const [, field = '', optional] of rows) expect(required.includes(field), field).toBe(optional === undefined);
  });

  test.each(messages)('docs/protocol.md shows %s by an example that its schema accepts', (name, message) => {
    const examples = jsonOf(sectionOf(name));
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      expect(check(message.payload, example)).toBe('');
      expect(Object.keys(example as object)[0]).toBe('type');
    }
  });

  test('docs/protocol.md shows the Python example as it is', async () => {
    const python = await readFile(new URL('../../../docs/examples/first_message.py', import.meta.url), 'utf8');
    expect(prose).toContain(`\`\`\`python\n${python}\`\`\``);
  });

  test('docs/protocol.md lists every close code', () => {
    const rows = [...prose.matchAll(/^\| (4\d{3}) \| `(\w+)` \|/gm)].map(([, code, name]) => [name, Number(code)]);
    expect(rows).toEqual(Object.entries(CLOSE_CODES));
  });
});
