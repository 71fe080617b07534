import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES, type ErrorCode } from '@chasqui/domain';
import { CLOSE_CODES, httpStatusOf, mayReconnect } from '@chasqui/protocol';
import { describe, expect, test } from 'vitest';

const page = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8');

/** The rows of the table under a heading, each as its cells without back-ticks. */
function tableUnder(heading: string): string[][] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

const codes = Object.keys(ERROR_CODES) as ErrorCode[];

describe('C15: docs/errors.md', () => {
  test('has a row for every error code, in the same order, with its retry rule and HTTP status', () => {
    const rows = tableUnder('Codes').map(([code, retry, , http]) => [code, retry, http]);
    expect(rows).toEqual(codes.map((code) => [code, ERROR_CODES[code], String(httpStatusOf(code))]));
  });

  test('has a row for every close code, with whether to reconnect', () => {
    const rows = tableUnder('Close codes').map(([close, reason, reconnect]) => [close, reason, reconnect]);
    expect(rows).toEqual(
      Object.entries(CLOSE_CODES).map(([reason, close]) => [String(close), reason, mayReconnect(close) ? 'yes' : 'no']),
    );
  });

  test('says where each code appears, what it means and what to do', () => {
    const places = new Set(['frame', 'close', 'HTTP', 'client', 'consumer', 'start', 'inside']);
    for (const [code, , where = '', , meaning, advice] of tableUnder('Codes')) {
      expect(
        where.split(', ').filter((place) => !places.has(place)),
        code,
      ).toEqual([]);
      expect(meaning, code).toMatch(/\.$/);
      expect(advice, code).toMatch(/\.$/);
    }
  });

  test('names "close" only for codes that have a close code', () => {
    const closing = tableUnder('Codes').filter(([, , where = '']) => where.split(', ').includes('close'));
    for (const [code] of closing) expect(Object.keys(CLOSE_CODES)).toContain(code);
  });
});

describe('C15: the mappers agree with the retry rules', () => {
  test('a close code says reconnect where its error allows another try, and only there', () => {
    for (const [reason, close] of Object.entries(CLOSE_CODES)) {
      expect(close).toBeGreaterThanOrEqual(4000);
      expect(close).toBeLessThan(5000);
      if (reason === 'logged_out' || reason === 'too_fast') continue;
      expect(mayReconnect(close), reason).toBe(ERROR_CODES[reason as ErrorCode] !== 'never');
    }
    expect(new Set(Object.values(CLOSE_CODES)).size).toBe(Object.keys(CLOSE_CODES).length);
  });

  test('an HTTP status is a refusal, and 4xx asks for a change unless the code says back-off', () => {
    for (const code of codes) {
      const status = httpStatusOf(code);
      expect(status, code).toBeGreaterThanOrEqual(400);
      expect(status, code).toBeLessThan(600);
      if (ERROR_CODES[code] === 'never' && code !== 'config_invalid' && code !== 'data_damaged')
        expect(status, code).toBeLessThan(500);
      if (ERROR_CODES[code] === 'backoff') expect([409, 429, 500, 503, 504], code).toContain(status);
    }
  });
});
