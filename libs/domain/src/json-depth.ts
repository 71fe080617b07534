/**
 * How deep a JSON value that comes in may nest (C16): a scalar has depth 0, `{}` and `[]` have depth 1, and a frame or an HTTP
 * body counts itself. It is far below where any recursive reader or writer (`JSON.stringify` among them) runs out of stack.
 */
export const MAX_JSON_DEPTH = 64;
