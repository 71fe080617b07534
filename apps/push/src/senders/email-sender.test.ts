import { isEmailAddress } from '@chasqui/domain';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { notificationTo, plenty } from '../testing/notification.ts';
import { partsOf, type SmtpMood, smtpServer, wordsOf } from '../testing/smtp-server.ts';
import { EmailSender, type EmailSenderOptions } from './email-sender.ts';

async function email(options: Partial<EmailSenderOptions> = {}, credentials?: { user: string; password: string }) {
  const server = await smtpServer(credentials);
  const sender = new EmailSender({
    url: server.url,
    from: 'Chasqui <push@example.org>',
    link: 'https://chat.example.org/',
    maxConnections: 2,
    timeoutMs: 2_000,
    ...options,
  });
  onTestFinished(() => sender[Symbol.asyncDispose]());
  return {
    server,
    sender,
    send: (to = 'bob@example.net', fields = {}) => sender.send(notificationTo(to, fields), plenty()),
  };
}

describe('e-mail', () => {
  test('C17: it is accepted, in the receiver’s language, as text and as HTML, one thread for a conversation', async () => {
    const { server, send } = await email();
    expect(await send()).toEqual({ type: 'accepted' });
    await send('bob@example.net', { messageId: '019b76da8000000000000002', language: 'en' });
    const [first, second] = server.mails;
    if (first === undefined || second === undefined) return expect.fail('nothing arrived');
    expect(first).toMatchObject({ from: 'push@example.org', to: ['bob@example.net'] });
    expect(first.headers).toMatchObject({ from: 'Chasqui <push@example.org>', 'auto-submitted': 'auto-generated' });
    expect(wordsOf(first.headers.subject)).toBe('安妮 & Co 给你发来了新消息');
    const parts = partsOf(first);
    expect(parts['text/plain']).toContain('安妮 & Co: 3 条新消息');
    expect(parts['text/plain']).toContain('https://chat.example.org/?conversation=ann~bob');
    expect(parts['text/html']).toContain('安妮 &#38; Co');
    expect(partsOf(second)['text/plain']).toContain('Open the conversation');
    expect(second.headers.references).toBe(first.headers.references);
    expect(second.headers['message-id']).not.toBe(first.headers['message-id']);
  });

  test.each([
    ['en', 'Your code', /The code for notifications at this address: 7K3QX-M0V4T/],
    ['zh', '你的验证码', /7K3QX-M0V4T/],
  ])('a code is sent in %s, without a word of anybody’s and without a link', async (language, subject, words) => {
    const { server, send } = await email();
    const code = { code: '7K3QX-M0V4T', title: 'SPAM', body: 'SPAM', conversationId: '', language };
    expect(await send('bob@example.net', code)).toEqual({ type: 'accepted' });
    const [mail] = server.mails;
    if (mail === undefined) return expect.fail('nothing arrived');
    expect(wordsOf(mail.headers.subject) || mail.headers.subject).toBe(subject);
    const parts = partsOf(mail);
    expect(parts['text/plain']).toMatch(words);
    for (const part of Object.values(parts)) expect(part).not.toMatch(/SPAM|https?:/);
  });

  test('an address that is not shown to be its user’s gets nothing but a code', async () => {
    const { server, sender } = await email();
    const notification = notificationTo('bob@example.net');
    const registration = { ...notification.registration, unconfirmed: true as const };
    expect(await sender.send({ ...notification, registration }, plenty())).toEqual({
      type: 'refused',
      reason: 'unconfirmed',
    });
    expect(server.mails).toEqual([]);
  });

  test('a repeat has the id of the first', async () => {
    const { server, send } = await email();
    await send();
    await send();
    expect(new Set(server.mails.map(({ headers }) => headers['message-id'])).size).toBe(1);
  });

  test('C15: what people write stays text: no header, no markup, no other receiver', async () => {
    const { server, send } = await email();
    const title = 'Eve\r\nBcc: all@example.org <script>alert(1)</script>';
    await send('bob@example.net', { title, body: '<img src=x onerror=alert(1)>', language: 'en' });
    const [mail] = server.mails;
    if (mail === undefined) return expect.fail('nothing arrived');
    expect(mail.to).toEqual(['bob@example.net']);
    expect(mail.headers).not.toHaveProperty('bcc');
    expect(partsOf(mail)['text/html']).not.toMatch(/<script|<img/);
  });

  test.each<[SmtpMood, object]>([
    [
      { at: 'RCPT', answer: '550 5.1.1 no such user' },
      { type: 'dead', reason: 'smtp 550' },
    ],
    [
      { at: 'RCPT', answer: '450 4.2.1 busy mailbox' },
      { type: 'retry', reason: 'smtp 450', scope: 'device' },
    ],
    [
      { at: 'RCPT', answer: '452 4.2.2 full' },
      { type: 'retry', reason: 'smtp 452', scope: 'device' },
    ],
    [
      { at: '.', answer: '554 5.7.1 looks like spam' },
      { type: 'refused', reason: 'smtp 554' },
    ],
    [
      { at: '.', answer: '451 4.3.0 later' },
      { type: 'retry', reason: 'smtp 451', scope: 'device' },
    ],
    [
      { at: 'MAIL', answer: '550 5.7.1 sender refused' },
      { type: 'refused', reason: 'smtp 550' },
    ],
    [
      { at: 'MAIL', answer: '421 4.3.2 shutting down' },
      { type: 'retry', reason: 'smtp 421', scope: 'provider' },
    ],
  ])('C17: %j', async (mood, result) => {
    const { server, send } = await email();
    server.moods.push(mood);
    expect(await send()).toEqual(result);
    expect(await send()).toEqual({ type: 'accepted' });
  });

  test('C17: what is no address is dead', async () => {
    const { server, send } = await email();
    const old = ['\u0001bob@example.net', 'a\u0000@example.com', 'bob\u202e@example.net', 'bob@exa\u00admple.net'];
    for (const address of ['', 'nobody', 'a@b c@d', 'x@y\r\nRCPT TO:<z@w>', ...old]) {
      expect(await send(address), address).toEqual({ type: 'dead', reason: 'bad_address' });
    }
    expect(server.mails).toEqual([]);
  });

  test('C15: whatever is an address, the mail goes to exactly that one', async () => {
    const { server, send } = await email();
    const strange = fc.constantFrom(...`!%" <>,;:()[]\\\u0001\u00ad\u200büＫ`);
    const usual = fc.constantFrom(...`aZ0.@-+_'=&~#*?^{}/`);
    const near = fc.string({ unit: fc.oneof({ weight: 12, arbitrary: usual }, strange), maxLength: 5 });
    const address = fc.oneof(
      fc
        .tuple(near, fc.constantFrom('x', 'xn--', 'XN--', ''), near, fc.constantFrom('org', '1', '0x1', 'Org'))
        .map(([local, prefix, domain, top]) => `${local}b@${prefix}${domain}1.${top}`),
      fc.emailAddress(),
    );
    await fc.assert(
      fc.asyncProperty(address, async (to) => {
        fc.pre(isEmailAddress(to));
        server.mails.length = 0;
        expect(await send(to)).toEqual({ type: 'accepted' });
        // Domain names are case-insensitive.
        const [local, domain = ''] = to.split('@');
        expect(server.mails.map((mail) => mail.to)).toEqual([[`${local}@${domain.toLowerCase()}`]]);
      }),
      { numRuns: 80 },
    );
  });

  test.each<SmtpMood>([
    { at: 'DATA', drops: true },
    { at: '.', drops: true },
  ])('C17: a connection that ends at %j is a retry', async (mood) => {
    const { server, send } = await email();
    server.moods.push(mood);
    expect(await send()).toMatchObject({ type: 'retry' });
    expect(await send()).toEqual({ type: 'accepted' });
  });

  test('a connection that ends before its greeting is made once more', async () => {
    const { server, send } = await email();
    server.moods.push({ at: 'GREETING', drops: true });
    expect(await send()).toEqual({ type: 'accepted' });
    expect(server.mails).toHaveLength(1);
  });

  test('C17: a server that does not answer is a retry, as is one that is away', async () => {
    const { server, sender, send } = await email();
    server.moods.push({ at: '.' });
    expect(await sender.send(notificationTo('bob@example.net'), AbortSignal.timeout(200))).toEqual({
      type: 'retry',
      reason: 'timeout',
      scope: 'device',
    });
    expect(await send()).toEqual({ type: 'accepted' });
    await server.stop();
    expect(await send()).toMatchObject({ type: 'retry', scope: 'provider' });
  });

  test('C17: with credentials it logs in; wrong ones hold up everybody', async () => {
    const credentials = { user: 'push', password: 'correct horse' };
    const good = await email(credentials, credentials);
    expect(await good.send()).toEqual({ type: 'accepted' });
    const bad = await email({ ...credentials, password: 'wrong' }, credentials);
    expect(await bad.send()).toEqual({ type: 'retry', reason: 'EAUTH', scope: 'provider' });
  });
});
