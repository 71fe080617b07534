import { expect, test } from 'vitest';
import { isQuiet, isTimeZone } from './quiet-hours.ts';

const at = (iso: string) => Date.parse(iso);

test.each([
  ['12:00', '13:00', '2026-06-01T12:00:00Z', true],
  ['12:00', '13:00', '2026-06-01T12:59:59Z', true],
  ['12:00', '13:00', '2026-06-01T13:00:00Z', false],
  ['12:00', '13:00', '2026-06-01T11:59:59Z', false],
  ['22:00', '07:00', '2026-06-01T23:30:00Z', true],
  ['22:00', '07:00', '2026-06-01T00:00:00Z', true],
  ['22:00', '07:00', '2026-06-01T06:59:00Z', true],
  ['22:00', '07:00', '2026-06-01T07:00:00Z', false],
  ['22:00', '07:00', '2026-06-01T21:59:00Z', false],
  ['08:00', '08:00', '2026-06-01T03:00:00Z', true],
])('quiet from %s to %s UTC: %s is %s', (from, to, time, quiet) => {
  expect(isQuiet({ from, to, timeZone: 'UTC' }, at(time))).toBe(quiet);
});

test('the hours are those of the user’s time zone, summer time included', () => {
  const berlin = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' };
  expect(isQuiet(berlin, at('2026-06-01T05:30:00Z'))).toBe(false);
  expect(isQuiet(berlin, at('2026-12-01T05:30:00Z'))).toBe(true);
  expect(isQuiet({ ...berlin, timeZone: 'Asia/Shanghai' }, at('2026-06-01T14:30:00Z'))).toBe(true);
});

test('none, or a time zone that is not known, silences nothing', () => {
  expect(isQuiet(null, 0)).toBe(false);
  expect(isQuiet({ from: '00:00', to: '00:00', timeZone: 'Mars/Olympus' }, 0)).toBe(false);
  expect([isTimeZone('America/Argentina/Buenos_Aires'), isTimeZone('Mars/Olympus'), isTimeZone('')]).toEqual([
    ...[true, false, false],
  ]);
});
