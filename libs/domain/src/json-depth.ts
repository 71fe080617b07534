/**
 * Maximum nesting depth of incoming JSON (C16): a scalar has depth 0, `{}` and `[]` have depth 1; a frame or HTTP body
 * itself counts. Far below the depth at which a recursive reader or writer (`JSON.stringify` among them) overflows the
 * stack.
 */
export const MAX_JSON_DEPTH = 64;
