import { expect, it } from 'vitest';
import { chosenLanguage } from './index.ts';

it('the page speaks the first of the reader’s languages that it knows, else English', () => {
  expect(chosenLanguage(['zh-TW', 'en'])).toBe('zh-CN');
  expect(chosenLanguage(['de', 'en-GB', 'zh-CN'])).toBe('en');
  expect(chosenLanguage(['fr'])).toBe('en');
  expect(chosenLanguage([])).toBe('en');
});
