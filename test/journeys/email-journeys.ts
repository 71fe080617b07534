import { expect, it } from 'vitest';
import { partsOf, smtpServer, wordsOf } from '../../apps/push/src/testing/smtp-server.ts';
import { hostToken } from '../api/host-token.ts';
import { JWT_SECRET, type TestCluster } from '../cluster/cluster.ts';
import { change, get, openDevice, until } from './devices.ts';

const BEN = 'ben@example.org';
const CID = 'cid@example.org';

/** A mail server, and the whole cluster that sends through it. */
async function withMail(start: (env: { [name: string]: string }) => Promise<TestCluster>) {
  const { url, mails } = await smtpServer();
  const cluster = await start({ CHASQUI_PUSH_SMTP_URL: url, CHASQUI_PUSH_EMAIL_FROM: 'Chasqui <push@example.org>' });
  const register = (user: string, token: string) =>
    change(cluster, user, 'PUT', '/api/devices/phone/push-token', { provider: 'email', token, language: 'en' });
  const confirm = (user: string, code: string) =>
    change(cluster, user, 'POST', '/api/devices/phone/push-token/confirm', { code });
  /** The outcome of pushing a message; waits until it is recorded. */
  const outcome = async (user: string, messageId: string) => {
    let push: { result: string; reason?: string }[] = [];
    await until(async () => {
      ({ push } = await get<{ push: typeof push }>(cluster, user, `/api/messages/${messageId}/trace`));
      return push.length > 0;
    }, 'a push outcome');
    return push;
  };
  const sent = () => mails.map(({ to, headers }) => `${to}: ${wordsOf(headers.subject) || headers.subject}`);
  const code = (place: number) => {
    const mail = mails[place];
    return /[0-9A-Z]{5}-[0-9A-Z]{5}/.exec(mail === undefined ? '' : (partsOf(mail)['text/plain'] ?? ''))?.[0] ?? '';
  };
  return { cluster, register, confirm, outcome, sent, code };
}

/** Notifications by e-mail, from setting the address to the mail, through API, bus, Push and a mail server. */
export function emailJourneys(start: (env: { [name: string]: string }) => Promise<TestCluster>): void {
  it('C17: an address gets one code and nothing else until that has come back; then mails that name a sender by id, a contact by name', async () => {
    const { cluster, register, confirm, outcome, sent, code } = await withMail(start);
    await using _ = cluster;
    for (const [user, displayName] of [
      ['ann', 'Annie'],
      ['eve', 'YOU WON: http://evil.example'],
    ] as const) {
      expect(await change(cluster, user, 'PATCH', '/api/users/me', { displayName })).toBe(200);
    }
    await change(cluster, 'ann', 'PUT', '/api/contacts/ben');
    await change(cluster, 'ben', 'PUT', '/api/contacts/ann');
    using ann = await openDevice(cluster, { user: 'ann', node: 1 });
    using eve = await openDevice(cluster, { user: 'eve', node: 2 });
    const write = async ({ client }: typeof ann) =>
      (await client.send({ to: 'ben', content: { text: 'are you there?' } }).stored).messageId;

    expect(await register('ben', BEN)).toBe(202);
    await until(() => sent().length > 0, 'a mail with a code');
    for (const sender of [ann, eve]) {
      expect(await outcome('ben', await write(sender))).toMatchObject([{ result: 'not_needed', reason: 'no_device' }]);
    }
    expect(await confirm('ben', 'AAAAA-AAAAA')).toBe(422);
    expect(sent()).toEqual([`${BEN}: Your code`]);

    expect(await confirm('ben', code(0))).toBe(204);
    for (const sender of [ann, eve]) {
      expect(await outcome('ben', await write(sender))).toMatchObject([{ result: 'accepted', provider: 'email' }]);
    }
    expect(sent()).toEqual([`${BEN}: Your code`, `${BEN}: New messages from Annie`, `${BEN}: New messages from eve`]);
  }, 120_000);

  it('C16: few codes may be tried, then not even the right one; an address that the token names as verified needs none', async () => {
    const { cluster, register, confirm, outcome, sent, code } = await withMail(start);
    await using _ = cluster;
    expect(await register('ben', BEN)).toBe(202);
    await until(() => sent().length > 0, 'a mail with a code');
    const answers: number[] = [];
    // One token is refilled each minute.
    for (let n = 0; n < 20 && answers.at(-1) !== 429; n++) answers.push(await confirm('ben', 'AAAAA-AAAAA'));
    expect(answers.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 422));
    expect(answers.at(-1)).toBe(429);
    expect(await confirm('ben', code(0))).toBe(429);

    const now = Math.floor(Date.now() / 1_000);
    const claims = { sub: 'cid', iat: now, exp: now + 600, email: CID, email_verified: true };
    const asserted = { ...cluster, token: async () => hostToken(JWT_SECRET, claims) };
    const body = { provider: 'email', token: CID, language: 'zh-CN' };
    expect(await change(asserted, 'cid', 'PUT', '/api/devices/phone/push-token', body)).toBe(204);
    using ann = await openDevice(cluster, { user: 'ann', node: 1 });
    const { messageId } = await ann.client.send({ to: 'cid', content: { text: 'are you there?' } }).stored;
    expect(await outcome('cid', messageId)).toMatchObject([{ result: 'accepted', provider: 'email' }]);
    expect(sent()).toEqual([`${BEN}: Your code`, `${CID}: ann 给你发来了新消息`]);
  }, 120_000);
}
