import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { language } from './i18n/index.ts';
import { startWorker } from './live/page-worker.ts';
import { keptTheme, showTheme } from './model/appearance.ts';
import './styles/index.css';

document.documentElement.lang = language;
showTheme(keptTheme());
startWorker();
const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
