import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVER_EVENT_DATA } from '@chasqui/core';
import { eventBody, SERVER_EVENT_TYPES, type ServerEvent } from '@chasqui/domain';
import { schemaCheck } from '@chasqui/protocol';
import { describe, expect, test } from 'vitest';

const page = readFileSync(join(import.meta.dirname, '../../docs/webhooks.md'), 'utf8');
const examples = [...page.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, text = '']) => JSON.parse(text));
const types = [...SERVER_EVENT_TYPES, 'webhook.test'] as const;

describe('docs/webhooks.md', () => {
  test('has a row and an example of each type of server event, and of no other', () => {
    const rows = [...page.matchAll(/^\| `([a-z]+\.[a-z_.]+)` \| [^|]+ \| [^|]+ \|$/gm)].map(([, type]) => type);
    expect(rows).toEqual(types);
    expect([...new Set(examples.map(({ type }) => type))]).toEqual(types);
  });

  test.each(examples.map((example) => [example.type as ServerEvent['type'], example] as const))(
    'the example of %s is what an endpoint gets, with every field',
    (type, example) => {
      const schema = SERVER_EVENT_DATA[type];
      expect(schemaCheck(schema)(example.data)).toBeNull();
      const known = Object.keys(schema.properties);
      expect(Object.keys(example.data).filter((name) => !known.includes(name))).toEqual([]);
      const at = Date.parse(example.timestamp);
      expect(JSON.parse(eventBody({ ...example, at }))).toEqual(example);
    },
  );
});
