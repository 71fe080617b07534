import { createReadStream, existsSync } from 'node:fs';
import { ImError } from '@chasqui/domain';
import { type Environment, systemClock } from '@chasqui/kit';
import type { Command } from 'commander';
import { type FileLine, fileLinesIn } from '../support/file-lines.ts';
import { type ImportedPiece, sendPiece } from '../support/import-call.ts';
import { behindLines, piecesOf } from '../support/line-pieces.ts';
import { note, print, run } from '../support/run.ts';
import { uploadFiles } from '../support/upload-files.ts';
import { wholeNumber } from './options.ts';

/** How often a long import says how far it is. */
const PROGRESS_MS = 3_000;

interface ImportOptions {
  server: string;
  key: string;
  from: number;
  stopAtError: boolean;
  files?: string;
}

export function addImport(program: Command, _env: Environment): void {
  program
    .command('import <file>')
    .description('import users, groups and history from a file of JSON lines')
    .requiredOption('--key <key>', 'an API key with the scope imports:write; with --files also files:write')
    .option('--server <url>', 'the API of a running server', 'http://127.0.0.1:4400')
    .option('--from <line>', 'the line to begin with', wholeNumber(1, Number.MAX_SAFE_INTEGER), 1)
    .option('--stop-at-error', 'stop at the first line that is wrong', false)
    .option('--files <folder>', 'upload the files that lines name, from this folder')
    .action(
      run(async (file: string, options: ImportOptions) => {
        if (options.files !== undefined && !existsSync(options.files)) {
          throw new ImError('config_invalid', `there is no folder ${options.files}`, { field: 'files' });
        }
        let told = systemClock.monotonic();
        const sum = { imported: 0, repeated: 0, errors: 0 };
        let { from } = options;
        let isOver = false;
        for await (const piece of piecesOf(readable(file), from - 1)) {
          // A server stops early where too many lines are wrong.
          for (let rest = piece; rest.length > 0 && !isOver; ) {
            const refused: string[] = [];
            const done = await again(from, async () => {
              await uploadBeside(options, fileLinesIn(rest, from), refused);
              return sendPiece(options, rest, from);
            });
            for (const refusal of refused) process.stderr.write(refusal);
            sum.imported += done.imported;
            sum.repeated += done.repeated;
            sum.errors += done.errors.length;
            for (const { line, message, code } of done.errors) {
              process.stderr.write(`line ${line}: ${message} (${code})\n`);
            }
            isOver = options.stopAtError && done.errors.length > 0;
            rest = behindLines(rest, done.next - from);
            from = done.next;
            if (systemClock.monotonic() - told >= PROGRESS_MS) {
              told = systemClock.monotonic();
              note(`${from - 1} lines read, ${sum.imported} imported`);
            }
          }
          if (isOver) break;
        }
        print(`${sum.imported} lines imported, ${sum.repeated} were there, ${sum.errors} are wrong`);
        if (sum.errors > 0) process.exitCode = 1;
      }),
    );
}

/** Those that the server does not take are errors of their lines, too. */
async function uploadBeside(
  { server, key, files: folder }: ImportOptions,
  lines: readonly FileLine[],
  refused: string[],
): Promise<void> {
  if (folder === undefined) return;
  await uploadFiles({ server, key, folder }, lines, ({ number }, { message, code }) => {
    refused.push(`line ${number}: ${message} (${code})\n`);
  });
}

async function* readable(file: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? `there is no file ${file}` : `the file ${file} cannot be read (${code})`;
    throw new ImError('config_invalid', why, {}, error);
  }
}

/** Says where to go on after a failure; all before that line is imported. */
async function again(from: number, send: () => Promise<ImportedPiece>): Promise<ImportedPiece> {
  try {
    return await send();
  } catch (error) {
    const { code, message } = ImError.from(error);
    throw new ImError(code, `${message.replace(/[.?]$/, '')}. Go on with --from ${from}`, {}, error);
  }
}
