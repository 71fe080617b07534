import { useState } from 'react';
import { LANGUAGE_NAMES, texts } from '../../i18n/index.ts';
import { chooseLanguage, chooseTheme, keptLanguage, keptTheme, THEMES, type Theme } from '../../model/appearance.ts';

/** Language and theme of this browser. */
export function AppearanceSection() {
  const [theme, setTheme] = useState(keptTheme());
  const { appearance } = texts;

  function choose(next: Theme): void {
    chooseTheme(next);
    setTheme(next);
  }
  return (
    <section aria-label={appearance.title}>
      <h3>{appearance.title}</h3>
      <label className="field">
        <span>{appearance.language}</span>
        <select
          value={keptLanguage()}
          onChange={({ target }) => chooseLanguage(target.value)}
          data-testid="choose-language"
        >
          <option value="">{appearance.asTheBrowser}</option>
          {Object.entries(LANGUAGE_NAMES).map(([tag, name]) => (
            <option key={tag} value={tag} lang={tag}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>{appearance.theme}</span>
        <select value={theme} onChange={({ target }) => choose(target.value as Theme)} data-testid="choose-theme">
          {THEMES.map((one) => (
            <option key={one} value={one}>
              {appearance.themes[one]}
            </option>
          ))}
        </select>
      </label>
    </section>
  );
}
