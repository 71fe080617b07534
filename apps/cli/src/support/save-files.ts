import { createWriteStream } from 'node:fs';
import { mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ImError, knownErrorCode } from '@chasqui/domain';
import { type FileLine, fileLinesIn } from './file-lines.ts';
import { piecesOf } from './line-pieces.ts';
import { note } from './run.ts';
import type { UploadTarget } from './upload-files.ts';

type NamedFile = Pick<FileLine, 'id' | 'url' | 'name'>;

/** Passes an export on, and keeps in `found` which files its lines tell of. */
export async function* notingFiles(text: AsyncIterable<Buffer>, found: Map<string, NamedFile>): AsyncGenerator<Buffer> {
  for await (const piece of piecesOf(text, 0)) {
    for (const { id, url, name = '' } of fileLinesIn(piece, 1)) if (url !== undefined) found.set(id, { id, url, name });
    yield piece;
  }
}

/**
 * Saves files under their ids; those that are there already are left. One that is gone is told of, and left out. Not while
 * the export comes: a stream that waits for so long may break off.
 */
export async function saveFiles(target: UploadTarget, files: Iterable<NamedFile>): Promise<void> {
  await mkdir(target.folder, { recursive: true });
  for (const file of files) await saveOne(target, file);
}

async function saveOne({ server, key, folder }: UploadTarget, { id, url, name }: NamedFile): Promise<void> {
  const path = join(folder, id);
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (isThere || !url?.startsWith('/api/server/')) return;
  const answer = await fetch(`${server}${url}`, { headers: { authorization: `Bearer ${key}` } });
  if (answer.status === 404) {
    await answer.body?.cancel();
    note(`${name || id} is gone`);
    return;
  }
  if (!answer.ok || answer.body === null) {
    const { code, message } = ((await answer.json()) as { error: { code: string; message: string } }).error;
    throw new ImError(knownErrorCode(code), message);
  }
  // Whole or not at all.
  await pipeline(Readable.fromWeb(answer.body as never), createWriteStream(`${path}.part`));
  await rename(`${path}.part`, path);
}
