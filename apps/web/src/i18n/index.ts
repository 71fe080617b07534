import type { ErrorCode } from '@chasqui/client';
import { keptLanguage } from '../model/appearance.ts';
import { en, type Texts } from './en.ts';
import { codeTextIn, errorTextIn } from './error-text.ts';
import { zh } from './zh.ts';

const LANGUAGES = { en, 'zh-CN': zh };
/** Each language's name in itself. */
export const LANGUAGE_NAMES = { en: 'English', 'zh-CN': '简体中文' } satisfies Record<keyof typeof LANGUAGES, string>;

/** The first of the user's languages for which the page has texts. */
export function chosenLanguage(wanted: readonly string[]): keyof typeof LANGUAGES {
  const first = wanted.map((tag) => tag.toLowerCase().split('-')[0]).find((tag) => tag === 'zh' || tag === 'en');
  return first === 'zh' ? 'zh-CN' : 'en';
}

const browser = typeof navigator === 'undefined' ? [] : navigator.languages;
const wanted = [keptLanguage(), ...browser].filter((tag) => tag !== '');
export const language = chosenLanguage(wanted);
/** The locale for dates: the user's own region where the page has their language. */
export const locale = wanted.find((tag) => tag.startsWith(language.slice(0, 2))) ?? language;
export const texts: Texts = LANGUAGES[language];

/** An error as text for the user. */
export const errorText = (error: unknown): string => errorTextIn(texts.errors, locale, error);
/** As `errorText`, where only the code is known. */
export const codeText = (code: ErrorCode): string => codeTextIn(texts.errors, code);
