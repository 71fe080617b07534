import { createHash } from 'node:crypto';
import { isEmailAddress } from '@chasqui/domain';
import { createTransport } from 'nodemailer';
import type { PushNotification, PushSender, SendResult } from '../push-sender.ts';
import { emailOf } from './email-template.ts';
import { reasonOf, retry } from './results.ts';

export interface EmailSenderOptions {
  /** `smtp://host:port` (with STARTTLS if the server offers it) or `smtps://host:port`. */
  url: string;
  user?: string;
  password?: string;
  /** An address, or a name and an address in angle brackets. */
  from: string;
  /** The app's URL; absent: e-mails have no link. */
  link?: string;
  /** Maximum number of parallel connections to the server. */
  maxConnections: number;
  /** The server's time limit for each step, in ms. */
  timeoutMs: number;
}

/** The error that nodemailer reports. */
interface SmtpFailure {
  code?: string;
  /** The code of the server's answer. */
  responseCode?: number;
  /** The command that failed. */
  command?: string;
  message: string;
}

/** The mailbox is unknown or not allowed. Source: RFC 5321, section 4.2.2. */
const NO_MAILBOX = new Set([550, 551, 553]);

/** The result that a failed delivery means: 4yz is temporary, 5yz permanent (RFC 5321, section 4.2.1). */
function resultOf({ code, responseCode, command, message }: SmtpFailure): SendResult {
  if (code === 'EAUTH') return retry(reasonOf('EAUTH', 0), 'provider');
  if (responseCode === undefined) return retry(reasonOf(code ?? message, 0), 'provider');
  const reason = `smtp ${responseCode}`;
  if (responseCode < 500) return retry(reason, responseCode === 421 ? 'provider' : 'device');
  const dead = NO_MAILBOX.has(responseCode) && command === 'RCPT TO';
  return dead ? { type: 'dead', reason } : { type: 'refused', reason };
}

/** E-mail over SMTP, threaded by conversation. */
export class EmailSender implements PushSender {
  readonly #options: EmailSenderOptions;
  readonly #transport;

  constructor(options: EmailSenderOptions) {
    const { url, user, password, maxConnections, timeoutMs } = options;
    const { protocol, hostname, port } = new URL(url);
    const secure = protocol === 'smtps:';
    this.#options = options;
    this.#transport = createTransport({
      pool: true,
      maxConnections,
      // A URL has IPv6 addresses in brackets, a socket does not.
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port) || (secure ? 465 : 587),
      secure,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    });
  }

  async send(notification: PushNotification, signal: AbortSignal): Promise<SendResult> {
    const { from, link } = this.#options;
    const { registration, messageId, deviceId, collapseId } = notification;
    if (!isEmailAddress(registration.token)) return { type: 'dead', reason: 'bad_address' };
    if (registration.unconfirmed && notification.code === undefined) return { type: 'refused', reason: 'unconfirmed' };
    const domain = /@([^\s@>]+)>?$/.exec(from)?.[1] ?? 'localhost';
    const id = createHash('sha256').update(`${messageId} ${deviceId}`).digest('base64url').slice(0, 32);
    const sent = this.#transport.sendMail({
      from,
      to: { name: '', address: registration.token },
      ...emailOf(notification, link),
      // A repeat has the same id, and e-mails about one conversation form one thread.
      messageId: `<${id}@${domain}>`,
      references: `<${collapseId}@${domain}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    const answered = sent.then((): SendResult => ({ type: 'accepted' }), resultOf);
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(retry('timeout', 'device')), { once: true });
      void answered.then(resolve);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#transport.close();
  }
}
