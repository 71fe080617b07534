import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Mail {
  from: string;
  to: string[];
  /** Headers by lower-case name, unfolded. */
  headers: { [name: string]: string };
  body: string;
}

/** Answers that replace the regular one, by the command that they answer (`GREETING`, `RCPT`, `DATA`, `.` …). */
export interface SmtpMood {
  at: string;
  /** The answer line; absent: the server does not answer. */
  answer?: string;
  drops?: boolean;
}

/** An SMTP server according to RFC 5321, with AUTH PLAIN (RFC 4954). */
export async function smtpServer(credentials?: { user: string; password: string }) {
  const mails: Mail[] = [];
  const moods: SmtpMood[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    converse(socket);
  });

  function converse(socket: Socket): void {
    let [pending, data]: [string, string[] | null] = ['', null];
    let [from, to, known]: [string, string[], boolean] = ['', [], credentials === undefined];
    const answer = (at: string, line: string): boolean => {
      const index = moods.findIndex((mood) => mood.at === at);
      const [mood] = index < 0 ? [] : moods.splice(index, 1);
      if (mood?.drops) socket.destroy();
      else if (mood === undefined || mood.answer !== undefined) socket.write(`${mood?.answer ?? line}\r\n`);
      return mood === undefined;
    };
    const auth = (argument: string): void => {
      const [, user, password] = Buffer.from(argument.split(' ')[1] ?? '', 'base64')
        .toString()
        .split('\0');
      known = user === credentials?.user && password === credentials?.password;
      answer('AUTH', known ? '235 2.7.0 welcome' : '535 5.7.8 wrong');
    };
    const command = (line: string): void => {
      const [verb = '', ...rest] = line.split(' ');
      const argument = rest.join(' ');
      const address = /<([^>]*)>/.exec(argument)?.[1] ?? '';
      if (verb === 'EHLO') answer('EHLO', '250-test.example\r\n250-AUTH PLAIN\r\n250 8BITMIME');
      else if (verb === 'AUTH') auth(argument);
      else if (!known) answer(verb, '530 5.7.0 who are you');
      else if (verb === 'MAIL') {
        [from, to] = [address, []];
        answer('MAIL', '250 2.1.0 ok');
      } else if (verb === 'RCPT') {
        if (answer('RCPT', '250 2.1.5 ok')) to.push(address);
      } else if (verb === 'DATA') {
        if (answer('DATA', '354 go on')) data = [];
      } else if (verb === 'QUIT') socket.end('221 bye\r\n');
      else answer(verb, '250 ok');
    };
    const line = (text: string): void => {
      if (data === null || text !== '.') {
        if (data === null) command(text);
        else data.push(text.startsWith('.') ? text.slice(1) : text);
        return;
      }
      const [mail, lines] = [{ from, to }, data];
      data = null;
      if (answer('.', '250 2.0.0 queued')) mails.push({ ...mail, ...parsed(lines) });
    };
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      const lines = (pending + chunk).split('\r\n');
      pending = lines.pop() ?? '';
      for (const text of lines) line(text);
    });
    answer('GREETING', '220 test.example ESMTP');
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = async () => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(stop);
  return { url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, mails, moods, stop };
}

function parsed(lines: readonly string[]): Pick<Mail, 'headers' | 'body'> {
  const end = lines.indexOf('');
  const folded = lines
    .slice(0, end)
    .join('\r\n')
    .replace(/\r\n[ \t]+/g, ' ');
  const headers = folded.split('\r\n').map((header) => {
    const colon = header.indexOf(':');
    return [header.slice(0, colon).toLowerCase(), header.slice(colon + 1).trim()];
  });
  return { headers: Object.fromEntries(headers), body: lines.slice(end + 1).join('\r\n') };
}

/** The text of a header's encoded words (RFC 2047). */
export function wordsOf(header = ''): string {
  const words = [...header.matchAll(/=\?UTF-8\?B\?([^?]*)\?=/g)];
  return Buffer.concat(words.map(([, word = '']) => Buffer.from(word, 'base64'))).toString();
}

/** The parts of a multipart body, decoded, by their content type. */
export function partsOf({ headers, body }: Mail): { [type: string]: string } {
  const boundary = /boundary="([^"]+)"/.exec(headers['content-type'] ?? '')?.[1] ?? '';
  const parts = body.split(`--${boundary}`).slice(1, -1);
  return Object.fromEntries(
    parts.map((part) => {
      const { headers: own, body: text } = parsed(part.replace(/^\r\n/, '').split('\r\n'));
      return [own['content-type']?.split(';')[0] ?? '', decoded(text, own['content-transfer-encoding'] ?? '7bit')];
    }),
  );
}

function decoded(text: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(text, 'base64').toString();
  if (encoding !== 'quoted-printable') return text;
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number(`0x${hex}`)));
  return Buffer.from(bytes, 'latin1').toString();
}
