import { publicIdOf } from '@chasqui/domain';

/** The path of a picture of the server that exported it names none here. */
export function withoutPath(picture: string): string {
  return publicIdOf(picture) === null ? picture : '';
}
