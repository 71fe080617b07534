/** Bounds of `RefField` and `ClientMessageIdField`: what is longer was never meant to be echoed. */
const MAX_REF_LENGTH = 64;

/**
 * What the refusal of a decoded value answers: the `clientMessageId` of a `chat`, the `ref` of any other frame. Undefined:
 * there is none, or none that a client of ours would know again.
 */
export function answerRef(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, ref, clientMessageId } = value as { [field: string]: unknown };
  const named = type === 'chat' ? clientMessageId : ref;
  if (typeof named !== 'string' || named === '' || named.length > MAX_REF_LENGTH) return undefined;
  return named.isWellFormed() ? named : undefined;
}
