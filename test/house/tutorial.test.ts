import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@chasqui/kit';
import { createTokenVerifier } from '@chasqui/tokens';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/tutorial.md'), 'utf8');
const blocks = (languages: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`(?:${languages})\\n(.*?)^\`\`\``, 'gms'))].map(([, code = '']) => code);

/** Parts of a file stand less indented on the page. */
const flat = (text: string) => text.replaceAll(/^ +/gm, '');

// The examples and the commands run in test/third-party/package.

test('each block of code in docs/tutorial.md is a part of the example that it names', () => {
  const named = [...page.matchAll(/\]\((examples\/[^)]+)\):\n\n```\w+\n(.*?)^```/gms)];
  expect(named.length).toBeGreaterThan(10);
  expect(named).toHaveLength(blocks('js|ts|python').length);
  for (const [, file = '', code = ''] of named) {
    expect(flat(readFileSync(join(root, 'docs', file), 'utf8')), file).toContain(flat(code));
  }
});

test('docs/tutorial.md has no commands but those that start the examples and pack the client library', () => {
  expect(blocks('sh')).toEqual([
    'cd docs/examples/back-end && npm start\n',
    'cd docs/examples/bot && npm start\n',
    'npm run build:client && npm pack ./libs/client/dist\n',
  ]);
});

test('tokens that are signed as published-keys.mjs does are valid, for the application that they name alone', async () => {
  const { chatToken, publishedKeys } = await import(join(root, 'docs/examples/back-end/published-keys.mjs'));
  const verifier = (audience: string) =>
    createTokenVerifier({ jwks: publishedKeys, issuer: 'shop', audience, clock: systemClock, clockToleranceS: 5 });
  const token = await chatToken('ana');
  expect((await verifier('chat').verify(token)).userId).toBe('ana');
  await expect(verifier('other').verify(token)).rejects.toMatchObject({ code: 'token_invalid' });
});
