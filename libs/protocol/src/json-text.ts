import { MAX_JSON_DEPTH } from '@chasqui/domain';
import { fieldPath, nestPath } from './field-path.ts';
import { isFaithfulNumber } from './json-number.ts';
import { HALF_OF_PAIR, TOO_DEEP, type ValueFault } from './value-fault.ts';

const LOSSY_NUMBER = 'is a number that would not arrive as it was sent: send it as text';

/**
 * Only a number with many digits or a large exponent can lose precision, and only an escape can make a lone surrogate.
 * Digits in a string, such as those of ids, do not look like a number unless white space or punctuation precedes them.
 */
const unusualNumber = /(?:^|[:,[\s])-?[0-9](?:[0-9.]{15}|[0-9.]*[eE][+-]?[0-9]{3})/;
const halfOfPair = /\\u[dD][89a-fA-F]/;
const afterNumber = /[^0-9.eE+-]|$/g;

const [QUOTE, BACKSLASH, COMMA, COLON, MINUS, ZERO, NINE] = [0x22, 0x5c, 0x2c, 0x3a, 0x2d, 0x30, 0x39];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Why a JSON text that `JSON.parse` accepts is not allowed; null: it is allowed. It checks the text, because a parsed
 * number does not show what was lost. Never recursive, and linear in the length of the text.
 */
export function jsonFault(text: string): ValueFault | null {
  const isUnusual = opensMany(text) || unusualNumber.test(text) || (text.includes('\\u') && halfOfPair.test(text));
  return isUnusual ? findFault(text) : null;
}

/** `indexOf` is much faster than reading each character, and is called only a few times. */
function opensMany(text: string): boolean {
  let opened = 0;
  for (const bracket of ['[', '{']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if (++opened > MAX_JSON_DEPTH) return true;
    }
  }
  return false;
}

/** An array or object that contains the current place: the key (as written) or index of the current element. */
interface Open {
  key: string;
  index: number;
  isObject: boolean;
  awaitsKey: boolean;
}

function findFault(text: string): ValueFault | null {
  const open: Open[] = [];
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const top = open.at(-1);
    if (code === QUOTE) {
      const end = endOfString(text, at);
      const token = text.slice(at, end);
      if (top?.awaitsKey) top.key = token;
      if (token.includes('\\u') && !(JSON.parse(token) as string).isWellFormed()) {
        return { field: fieldPath(keysOf(open)), message: HALF_OF_PAIR };
      }
      at = end;
      continue;
    }
    if (code === MINUS || (code >= ZERO && code <= NINE)) {
      afterNumber.lastIndex = at;
      const end = afterNumber.exec(text)?.index ?? text.length;
      // Shorter numbers never lose precision.
      if (end - at > 3 && !isFaithfulNumber(text.slice(at, end))) {
        return { field: fieldPath(keysOf(open)), message: LOSSY_NUMBER };
      }
      at = end;
      continue;
    }
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      if (open.length === MAX_JSON_DEPTH) return { field: nestPath(keysOf(open)), message: TOO_DEEP };
      const isObject = code === OPEN_OBJECT;
      open.push({ key: '""', index: 0, isObject, awaitsKey: isObject });
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) open.pop();
    else if (code === COLON && top !== undefined) top.awaitsKey = false;
    else if (code === COMMA && top !== undefined) {
      top.index++;
      top.awaitsKey = top.isObject;
    }
    at++;
  }
  return null;
}

/** The index after the closing quote of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (let code = text.charCodeAt(at); code !== QUOTE; code = text.charCodeAt(at)) at += code === BACKSLASH ? 2 : 1;
  return at + 1;
}

function keysOf(open: readonly Open[]): (string | number)[] {
  return open.map(({ isObject, key, index }) => (isObject ? (JSON.parse(key) as string) : index));
}
