/** `system`: as the device is set. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const THEME = 'chasqui.theme';
const LANGUAGE = 'chasqui.language';

export function keptTheme(): Theme {
  const kept = localStorage.getItem(THEME);
  return THEMES.find((theme) => theme === kept) ?? 'system';
}

/** Shows the page in the theme, now and at later visits. */
export function chooseTheme(theme: Theme): void {
  localStorage.setItem(THEME, theme);
  showTheme(theme);
}

export function showTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
}

/** The language that the user chose here; empty: the browser's. */
export function keptLanguage(): string {
  return typeof localStorage === 'undefined' ? '' : (localStorage.getItem(LANGUAGE) ?? '');
}

/** The page is loaded anew in the language. */
export function chooseLanguage(tag: string): void {
  if (tag === '') localStorage.removeItem(LANGUAGE);
  else localStorage.setItem(LANGUAGE, tag);
  location.reload();
}
