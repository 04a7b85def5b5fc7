// Serves the built console the way the server will: files, index.html for every page, the strict
// policy, and everything under /api, /readyz handed on to a running doldam.
import { createServer, request } from 'node:http';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';

/** The policy that the console runs under. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join('; ');

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2'
};

/** Starts it; `fault` may answer in the server's stead: a status, or nothing. */
export function serve({ folder, port, upstream, fault = () => undefined }) {
  const server = createServer((asked, answer) => {
    const path = new URL(asked.url, 'http://x').pathname;
    if (/^\/(api\/|readyz$|healthz$)/.test(path)) return handOn(asked, answer, upstream, fault(asked, path));
    const file = join(folder, normalize(decodeURIComponent(path)));
    const isFile = file.startsWith(folder) && existsSync(file) && statSync(file).isFile();
    const sent = isFile ? file : join(folder, 'index.html');
    answer.writeHead(200, {
      'content-type': TYPES[extname(sent)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': isFile && path.includes('/immutable/') ? 'public, max-age=31536000, immutable' : 'no-store'
    });
    createReadStream(sent).pipe(answer);
  });
  return new Promise((done) => server.listen(port, '127.0.0.1', () => done(server)));
}

function handOn(asked, answer, upstream, fault) {
  if (fault === 'gone') return answer.destroy();
  if (fault) {
    const type = fault.status < 400 ? 'application/json' : 'application/problem+json';
    answer.writeHead(fault.status, { 'content-type': type, ...fault.headers });
    return answer.end(JSON.stringify(fault.body ?? {}));
  }
  const onward = request(upstream + asked.url, { method: asked.method, headers: asked.headers }, (said) => {
    answer.writeHead(said.statusCode, said.headers);
    said.pipe(answer);
  });
  onward.on('error', () => answer.destroy());
  asked.pipe(onward);
}
