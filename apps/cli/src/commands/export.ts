import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ImError, knownErrorCode } from '@chasqui/domain';
import type { Environment } from '@chasqui/kit';
import type { Command } from 'commander';
import { run } from '../support/run.ts';
import { notingFiles, saveFiles } from '../support/save-files.ts';

interface ExportOptions {
  server: string;
  key: string;
  conversation?: string;
  user?: string;
  after?: string;
  files?: string;
}

export function addExport(program: Command, _env: Environment): void {
  program
    .command('export')
    .description('print a conversation, or the data of a user, as lines that import takes')
    .requiredOption('--key <key>', 'an API key with the scope exports:read; with --files also files:read')
    .option('--server <url>', 'the API of a running server', 'http://127.0.0.1:4400')
    .option('--conversation <conversationId>', 'what to export; with --user, the conversation to go on with')
    .option('--user <userId>', 'whose data to export')
    .option('--after <messageId>', 'go on behind this message of an export that broke off')
    .option('--files <folder>', 'save the files of the messages in this folder, under their ids')
    .action(
      run(async ({ server, key, conversation, user, after, files }: ExportOptions) => {
        if (conversation === undefined && user === undefined) {
          throw new ImError('invalid_request', 'name what to export: --conversation or --user');
        }
        const query = new URLSearchParams(after === undefined ? {} : { after });
        if (user !== undefined && conversation !== undefined) query.set('conversationId', conversation);
        const [kind, id] = user === undefined ? ['conversations', conversation ?? ''] : ['users', user];
        const path = `/api/server/${kind}/${encodeURIComponent(id)}/export?${query}`;
        const { body } = await answerOf(server, path, key);
        const found: Parameters<typeof notingFiles>[1] = new Map();
        try {
          if (body === null) return;
          const text = Readable.fromWeb(body as never) as AsyncIterable<Buffer>;
          const lines = files === undefined ? text : notingFiles(text, found);
          await pipeline(Readable.from(lines), process.stdout, { end: false });
        } catch (error) {
          const hint = 'go on with --after and the last message that came';
          throw new ImError('connection_closed', `the export broke off: ${hint}`, {}, error);
        }
        if (files !== undefined) await saveFiles({ server, key, folder: files }, found.values());
      }),
    );
}

/** Errors: the server's refusal; `connection_closed`. */
async function answerOf(server: string, path: string, key: string): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(`${server}${path}`, { headers: { authorization: `Bearer ${key}` } });
  } catch (error) {
    throw new ImError('connection_closed', `is a server running at ${server}?`, {}, error);
  }
  if (answer.ok) return answer;
  const { code, message } = ((await answer.json()) as { error: { code: string; message: string } }).error;
  throw new ImError(knownErrorCode(code), message);
}
