import { MAX_JSON_DEPTH } from '@chasqui/domain';

/** A fault of a value: the field (`content.text`), and a sentence that continues from its name. */
export interface ValueFault {
  field: string;
  message: string;
}

export const TOO_DEEP = `nests deeper than ${MAX_JSON_DEPTH} levels`;
export const HALF_OF_PAIR = 'has half of a surrogate pair, which is no text';
