import { type AttachmentId, BoundedMap } from '@chasqui/domain';

const MAX_RATIOS = 1_000;
const ratios = new BoundedMap<AttachmentId, number>(MAX_RATIOS);

/** The ratio of a picture that this page has shown before, so that its place has the right size at once. */
export function keptRatio(id: AttachmentId): number | undefined {
  return ratios.use(id);
}

/** Returns whether it is new. */
export function keepRatio(id: AttachmentId, ratio: number): boolean {
  if (ratios.get(id) === ratio) return false;
  ratios.set(id, ratio);
  return true;
}
