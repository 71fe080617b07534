import type { UserId } from './conversation/conversation-id.ts';

/**
 * The rules for incoming ids and keys, shared by every edge: frames, HTTP, tokens, the client library, the web page. They
 * are regular expressions (flag `u`), which the published schemas pass on to client authors. Well-formed Unicode is
 * checked where bytes are decoded, for every text (`readJson` and `decodeMessagePack` of the protocol).
 */

/**
 * Ids appear in URLs, where `.` and `..` are path segments with a meaning of their own, and name properties of objects,
 * where an assignment to `__proto__` makes none.
 */
const NOT_SPECIAL = '(?!(\\.{1,2}|__proto__)$)';

export const USER_ID_PATTERN = `^${NOT_SPECIAL}[A-Za-z0-9._@+:|-]{1,64}$`;
export const DEVICE_ID_PATTERN = `^${NOT_SPECIAL}[A-Za-z0-9._:-]{1,64}$`;
/** An idempotency key that a client gives. */
export const CLIENT_KEY_PATTERN = '^[A-Za-z0-9._:-]{1,64}$';

/** The patterns in words, to follow "must". */
export const USER_ID_RULE = 'be a user id: 1–64 of A–Z a–z 0–9 . _ @ + : | -, but not ., .. or __proto__';
export const DEVICE_ID_RULE = 'be a device id: 1–64 of A–Z a–z 0–9 . _ : -, but not ., .. or __proto__';

const userId = /* @__PURE__ */ new RegExp(USER_ID_PATTERN, 'u');
const deviceId = /* @__PURE__ */ new RegExp(DEVICE_ID_PATTERN, 'u');
const clientKey = /* @__PURE__ */ new RegExp(CLIENT_KEY_PATTERN, 'u');

/** Whether the id is valid for a user who logs in or receives messages. */
export function isUserId(text: string): text is UserId {
  return userId.test(text);
}

export function isDeviceId(text: string): boolean {
  return deviceId.test(text);
}

export function isClientKey(text: string): boolean {
  return clientKey.test(text);
}
