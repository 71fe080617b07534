/** The bound of `RefField` and `ClientMessageIdField`: a longer value is not echoed. */
const MAX_REF_LENGTH = 64;

/**
 * The `ref` for the refusal of a decoded value: the `clientMessageId` of a `chat`, the `ref` of any other frame.
 * Undefined: there is none, or none that a conforming client would recognise.
 */
export function answerRef(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, ref, clientMessageId } = value as { [field: string]: unknown };
  const named = type === 'chat' ? clientMessageId : ref;
  if (typeof named !== 'string' || named === '' || named.length > MAX_REF_LENGTH) return undefined;
  return named.isWellFormed() ? named : undefined;
}
