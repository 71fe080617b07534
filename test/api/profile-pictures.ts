import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachmentKeys } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import { openMediaFiles } from '@chasqui/media';
import { expect } from 'vitest';
import { complete, patch, reserve } from './attach.ts';
import type { TestApi } from './fixture.ts';

/** A folder and the process that decodes pictures; disposing removes both. */
export async function pictureDecoder() {
  const folder = mkdtempSync(join(tmpdir(), 'chasqui-profile-pictures-'));
  const mediaFiles = await openMediaFiles({ folder, logger: silentLogger });
  return {
    mediaFiles,
    async [Symbol.asyncDispose]() {
      await mediaFiles[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A profile picture that is ready to be set. */
export async function uploadPicture(api: Pick<TestApi, 'call'>, as: string, bytes: Uint8Array) {
  const { id } = await reserve(api, as, bytes, { purpose: 'profile_picture' });
  expect((await patch(api, as, id, bytes)).statusCode).toBe(204);
  const file = (await complete(api, as, id)).json();
  expect(file).toMatchObject({ state: 'ready', type: 'image/webp' });
  return file as { id: string; pictureUrl: string; size: number; sha256: string };
}

export function setAvatar(api: Pick<TestApi, 'call'>, as: string, avatar: string) {
  return api.call('PATCH', '/api/users/me', { as, payload: { avatar } });
}

/** Of a call without a token: the status, or the error's code. */
export async function seen(api: Pick<TestApi, 'call'>, url: string): Promise<number | string> {
  const answer = await api.call('GET', url);
  return answer.statusCode < 400 ? answer.statusCode : answer.json().error.code;
}

/** The keys of all blobs of an attachment. */
export async function blobsOf({ deps }: Pick<TestApi, 'deps'>, id: string): Promise<string[]> {
  const found = await Promise.all(attachmentKeys(id).map(async (key) => ((await deps.blobs.get(key)) ? [key] : [])));
  return found.flat();
}

/** Of what works in the background. */
export function rounds({ clock }: Pick<TestApi, 'clock'>): Promise<void> {
  return clock.advance(61_000);
}
