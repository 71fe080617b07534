import { describe, expect, test } from 'vitest';
import { isAway, isTransient, leavesConnectionSound, unavailable } from './failures.ts';

const errorOf = (fields: object) => Object.assign(new Error('no'), fields);

describe('failures of the driver', () => {
  test.each([
    { code: 'ECONNREFUSED', errno: -111 },
    { code: 'ECONNRESET', errno: -104 },
    { code: 'EAI_AGAIN', errno: -3001 },
    { code: 'ETIMEDOUT' },
    { code: 'PROTOCOL_CONNECTION_LOST', fatal: true },
    { code: 'ER_CON_COUNT_ERROR', errno: 1040 },
    { code: 'ER_SERVER_SHUTDOWN', errno: 1053 },
    { errno: 1927 },
  ])('the server is away, so it is tried again: %o', (fields) => {
    expect(isAway(errorOf(fields))).toBe(true);
    expect(isTransient(errorOf(fields))).toBe(true);
    expect(leavesConnectionSound(errorOf(fields))).toBe(false);
  });

  test.each([1205, 1213, 1062])('the transaction lost, and its connection is good: %i', (errno) => {
    expect(isTransient(errorOf({ errno }))).toBe(true);
    expect(leavesConnectionSound(errorOf({ errno }))).toBe(true);
  });

  test.each([
    { code: 'ER_ACCESS_DENIED_ERROR', errno: 1045, fatal: true },
    { code: 'ER_BAD_DB_ERROR', errno: 1049, fatal: true },
    { code: 'ER_NO_SUCH_TABLE', errno: 1146 },
    { code: 'ER_DATA_TOO_LONG', errno: 1406 },
  ])('the server says no, and would say it again: %o', (fields) => {
    expect(isAway(errorOf(fields))).toBe(false);
    expect(isTransient(errorOf(fields))).toBe(false);
  });

  test('a certificate that is not good is no absence', () => {
    expect(isAway(errorOf({ code: 'ERR_TLS_CERT_ALTNAME_INVALID', fatal: true }))).toBe(false);
  });

  test.each([
    [errorOf({ errno: 1406 }), 'unprocessable'],
    [errorOf({ errno: 1366 }), 'unprocessable'],
    [errorOf({ errno: 1153 }), 'unprocessable'],
    [new RangeError('too deep'), 'unprocessable'],
    [errorOf({ errno: 1146 }), 'store_unavailable'],
    [errorOf({ errno: 1142 }), 'store_unavailable'],
    [errorOf({ code: 'ER_PARSE_ERROR', errno: 1064 }), 'internal'],
    [errorOf({ code: 'ER_BAD_FIELD_ERROR', errno: 1054 }), 'internal'],
    [errorOf({ code: 'ECONNRESET', errno: -104 }), 'store_unavailable'],
    [new Error('of nobody'), 'store_unavailable'],
  ])('C3: %s leaves the adapter as %s', (error, code) => {
    expect(unavailable(error)).toMatchObject({ code, cause: error });
  });
});
