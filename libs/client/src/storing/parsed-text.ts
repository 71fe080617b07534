/** A text that is not JSON is damaged or was written by other software: it counts as absent. */
export function parsedText<T>(text: string | null): T | undefined {
  if (text === null) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
