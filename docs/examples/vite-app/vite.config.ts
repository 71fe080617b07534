import { defineConfig } from 'vite';

const backEnd = 'http://127.0.0.1:4500';

export default defineConfig({
  server: { host: '127.0.0.1', proxy: { '/session': backEnd, '/chat-token': backEnd } },
});
