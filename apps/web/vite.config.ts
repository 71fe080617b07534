import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';
import { emojiData } from './emoji-data.ts';

export default defineConfig({
  plugins: [react(), emojiData()],
  // The page uses the client library as it is packed for applications.
  resolve: { conditions: ['packed', ...defaultClientConditions] },
  // Relative URLs: a proxy may show the page below a path.
  base: './',
  build: {
    outDir: 'dist',
    // The page's Content-Security-Policy forbids inline code, and files are cached indefinitely by their hashed names.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  // `npm run dev` in apps/web reloads changes at once, with a server on its usual port.
  server: {
    host: '127.0.0.1',
    proxy: { '/api': 'http://127.0.0.1:4400', '/ws': { target: 'ws://127.0.0.1:4400', ws: true } },
  },
});
