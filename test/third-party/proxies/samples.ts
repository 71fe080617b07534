import { join } from 'node:path';
import { textOf } from '../../deploy/files.ts';
import { edited, type Front, inFolder, runProxy } from './front.ts';

/** The path of a sample's server: `/`, or one that the server does not know. */
export type ProxyPath = '/' | '/chat/';

type Sample = (upstream: number, path: ProxyPath) => Promise<Front>;

const UPSTREAM = '127.0.0.1:4400';

/** deploy/one/nginx.conf, which only gets other ports. */
const nginx: Sample = (upstream, path) =>
  inFolder(async (folder, port) => {
    const site = edited(textOf('one/nginx.conf'), [
      [UPSTREAM, `127.0.0.1:${upstream}`],
      ['listen 80;', `listen 127.0.0.1:${port};`],
      ...(path === '/'
        ? []
        : ([
            ['location = /metrics ', `location = ${path}metrics `],
            ['location / ', `location ${path} `],
            ['# proxy_set_header X-Forwarded-Prefix', 'proxy_set_header X-Forwarded-Prefix'],
          ] as const)),
    ]);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`);
    const main = [
      // Its folder is only for the user who made it. Without root, nginx ignores the line.
      'user root;',
      'daemon off; pid nginx.pid; error_log stderr warn;',
      'events {}',
      `http { access_log off; ${temporary.join(' ')} include site.conf; }`,
    ].join('\n');
    const running = await runProxy(folder, port, {
      name: 'nginx-light',
      path: '/usr/sbin/nginx',
      args: ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')],
      files: { 'nginx.conf': main, 'site.conf': site },
    });
    return { running, origin: `http://127.0.0.1:${port}${path}` };
  });

/** deploy/one/Caddyfile, which gets other ports and an authority of its own. */
const caddy: Sample = (upstream, path) =>
  inFolder(async (folder, port) => {
    const sample = textOf('one/Caddyfile');
    const [site = '', below = ''] = sample.split(/(?<=^\}\n)\n/m);
    const directives = below.replace(/^# .*\n/, '').replaceAll(/^#/gm, '');
    const own = `bind 127.0.0.1\n\ttls internal\n`;
    const text = edited(path === '/' ? site : `chat.example {\n${directives}}\n`, [
      [UPSTREAM, `127.0.0.1:${upstream}`],
      ['chat.example {\n', `https://127.0.0.1:${port} {\n\t${own}`],
    ]);
    const options = '{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n}\n';
    const running = await runProxy(folder, port, {
      name: 'caddy',
      path: '/usr/bin/caddy',
      args: ['run', '--adapter', 'caddyfile', '--config', 'Caddyfile'],
      env: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
      files: { Caddyfile: options + text },
      tls: true,
    });
    const caFile = join(folder, 'caddy/pki/authorities/local/root.crt');
    return { running, origin: `https://127.0.0.1:${port}${path}`, caFile };
  });

export const SAMPLES: readonly { name: string; path: ProxyPath; open: Sample }[] = [
  { name: 'nginx', path: '/', open: nginx },
  { name: 'nginx', path: '/chat/', open: nginx },
  { name: 'Caddy', path: '/', open: caddy },
  { name: 'Caddy', path: '/chat/', open: caddy },
];
