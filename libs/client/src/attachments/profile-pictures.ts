import { type PictureSide, publicIdOf } from '@chasqui/domain';
import type { Attachments, PictureOptions, Pictures, PicturesOptions } from '../uploads.ts';
import { attachmentCall } from './attachment-api.ts';

/** See `pictures` of the entry point. */
export function profilePictures({ nodesUrl, token, files, fetch: given }: PicturesOptions): Pictures {
  const call = attachmentCall(nodesUrl, token, given ?? ((...args) => fetch(...args)));

  async function set(path: string, field: 'avatar' | 'picture', value: string): Promise<string> {
    const headers = { 'content-type': 'application/json' };
    const answer = await call('PATCH', path, { headers, body: JSON.stringify({ [field]: value }) });
    return ((await answer.json()) as { avatar?: string; picture?: string })[field] ?? '';
  }
  return {
    setAvatar: async (picture, options) => set('users/me', 'avatar', await uploaded(files, picture, options)),
    setGroupPicture: async (group, picture, options) =>
      set(`groups/${encodeURIComponent(group)}`, 'picture', await uploaded(files, picture, options)),
    pictureUrl: (picture, side) => addressOf(nodesUrl, picture, side),
  };
}

async function uploaded(files: Attachments, picture: Blob | null, options: PictureOptions = {}): Promise<string> {
  if (picture === null) return '';
  const upload = files.upload(picture, { ...options, purpose: 'profile_picture' });
  await upload.done;
  return upload.pictureUrl;
}

/** Pages and programs elsewhere, and servers below a path of a proxy, have the path behind the server's own. */
function addressOf(nodesUrl: string, picture: string, side: PictureSide = 512): string | null {
  const id = publicIdOf(picture);
  if (id !== null) return nodesUrl.replace(/nodes$/, `pictures/${id}?size=${side}`);
  return /^https:\/\//.test(picture) ? picture : null;
}
