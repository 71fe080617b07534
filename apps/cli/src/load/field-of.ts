/**
 * The text of a frame's field; '' where it is absent. `opening`: the field's name as it stands in the frame, up to its
 * text: `"ref":"`. For ids, which hold no escapes.
 */
export function fieldOf(frame: string, opening: string): string {
  const at = frame.indexOf(opening);
  if (at === -1) return '';
  const start = at + opening.length;
  return frame.slice(start, frame.indexOf('"', start));
}
