const BYTES = 32;

/**
 * A VAPID private key in the form that senders of Web Push take: base64url of exactly 32 bytes. Node leaves out the zeros
 * at its start, which one key in 256 has (RFC 7518, 6.2.2.1: the octets of a private key keep their full length).
 */
export function vapidKeyText(key: Buffer): string {
  return Buffer.concat([Buffer.alloc(Math.max(0, BYTES - key.length)), key]).toString('base64url');
}
