import { pageStorage } from '../page-storage.ts';

/** `system`: as the device is set. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const THEME = 'chasqui.theme';
const LANGUAGE = 'chasqui.language';

export function keptTheme(): Theme {
  const kept = pageStorage.get(THEME);
  return THEMES.find((theme) => theme === kept) ?? 'system';
}

/** Shows the page in the theme, now and at later visits. */
export function chooseTheme(theme: Theme): void {
  pageStorage.set(THEME, theme);
  showTheme(theme);
}

export function showTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
}

/** The language that the user chose here; empty: the browser's. */
export function keptLanguage(): string {
  return pageStorage.get(LANGUAGE) ?? '';
}

/** The page is loaded anew in the language. */
export function chooseLanguage(tag: string): void {
  if (tag === '') pageStorage.remove(LANGUAGE);
  else pageStorage.set(LANGUAGE, tag);
  location.reload();
}
