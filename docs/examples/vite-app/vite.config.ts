import { defineConfig } from 'vite';

const { BACK_END = 'http://127.0.0.1:4500' } = process.env;

export default defineConfig({
  server: { host: '127.0.0.1', proxy: { '/session': BACK_END, '/chat-token': BACK_END } },
});
