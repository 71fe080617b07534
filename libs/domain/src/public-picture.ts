/** 32 hexadecimal digits, random: whoever knows it may see the picture of a user or a group. Not the id of its attachment. */
export type PublicId = string;

/** The sides of the squares that are made of a profile picture, in pixels. A smaller picture has smaller ones. */
export type PictureSide = 128 | 512;
export const PICTURE_SIDES: readonly PictureSide[] = [128, 512];
/** What is given out unless a side is asked for. */
export const LARGEST_SIDE = 512;

/** Uploads that become profile pictures have at most so many bytes. */
export const MAX_PROFILE_PICTURE_BYTES = 5 * 1024 * 1024;

/** The path of a profile picture on this server: what `Profile.avatar` and `Group.picture` have for one. */
export const PUBLIC_PICTURES_PATH = '/api/pictures';
export const PUBLIC_PICTURE_PATTERN = `^${PUBLIC_PICTURES_PATH}/[0-9a-f]{32}$`;
const path = /* @__PURE__ */ new RegExp(PUBLIC_PICTURE_PATTERN);

export function publicPicturePath(id: PublicId): string {
  return `${PUBLIC_PICTURES_PATH}/${id}`;
}

/** The picture of this server that an `avatar` or a `picture` names; null: it names none, but perhaps one elsewhere. */
export function publicIdOf(picture: string): PublicId | null {
  return path.test(picture) ? picture.slice(PUBLIC_PICTURES_PATH.length + 1) : null;
}
