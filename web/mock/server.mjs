// A small stand-in for the coordinator: REST, server-sent events with resume, sign-in, the built page. For development and tests.
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makePicture } from './picture.mjs';
import { kRoutes, problem } from './routes.mjs';
import { makeWorld } from './world.mjs';

const kDist = fileURLToPath(new URL('../dist', import.meta.url));
const kTypes = /** @type {Record<string, string>} */ ({
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
});
const kPolicy =
  "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; script-src 'self'; connect-src 'self'";

/** @typedef {import('node:http').IncomingMessage} In */
/** @typedef {import('node:http').ServerResponse} Out */

class Events {
  constructor() {
    /** @type {string[]} */
    this.frames = [];
    /** @type {Set<Out>} */
    this.streams = new Set();
    this.closed = false;
    /** @type {string[]} Last-Event-IDs that streams were opened with */
    this.resumed = [];
  }

  /** @param {In} request @param {Out} response */
  open(request, response) {
    const last = request.headers['last-event-id'];
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write('retry: 300\n\n');
    if (last !== undefined) this.resumed.push(String(last));
    if (last !== undefined) for (const frame of this.frames.slice(Number(last))) response.write(frame);
    this.streams.add(response);
    request.on('close', () => this.streams.delete(response));
  }

  /** @param {{type: string, [field: string]: unknown}} event */
  emit(event) {
    const frame = `id: ${this.frames.length + 1}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
    this.frames.push(frame);
    for (const stream of this.streams) stream.write(frame);
  }

  dropStreams() {
    for (const stream of this.streams) stream.destroy();
    this.streams.clear();
  }

  /** @param {boolean} closed */
  setClosed(closed) {
    this.closed = closed;
    if (closed) this.dropStreams();
  }
}

/** @param {Out} response @param {[number, unknown]} answer */
function sendJson(response, [status, value]) {
  response.writeHead(status, {
    'Content-Type': status < 400 ? 'application/json' : 'application/problem+json',
    'Cache-Control': 'no-store',
  });
  response.end(JSON.stringify(value));
}

/** @param {Out} response @param {string} path */
function sendFile(response, path) {
  const wanted = join(kDist, normalize(path));
  const found = wanted.startsWith(kDist) && existsSync(wanted) && statSync(wanted).isFile();
  const file = found ? wanted : join(kDist, 'index.html');
  response.writeHead(200, {
    'Content-Type': kTypes[extname(file)] ?? 'application/octet-stream',
    'Content-Security-Policy': kPolicy,
  });
  createReadStream(file).pipe(response);
}

/** @param {In} request */
async function readBody(request) {
  let text = '';
  for await (const part of request) text += part;
  return text === '' ? null : JSON.parse(text);
}

/** Serves on 127.0.0.1; port 0 takes a free one. @param {number} port */
export async function startMock(port = 0) {
  const world = makeWorld();
  const events = new Events();
  const picture = makePicture();

  /** @param {In} request @param {Out} response @param {URL} url */
  async function answerApi(request, response, url) {
    if (!/checkerlab_session=mock/.test(request.headers.cookie ?? '')) {
      return sendJson(
        response,
        problem(401, 'Not signed in', 'This needs a session.', 'Run checkerlab web.'),
      );
    }
    if (events.closed) return request.destroy();
    if (url.pathname === '/api/v1/events') return events.open(request, response);
    if (url.pathname.startsWith('/api/v1/artifacts/')) {
      response.writeHead(200, { 'Content-Type': 'image/png' });
      return response.end(picture);
    }
    const body = await readBody(request);
    for (const [method, pattern, handle] of kRoutes) {
      const match = request.method === method ? pattern.exec(url.pathname) : null;
      if (match) {
        const parts = match.map(decodeURIComponent);
        return sendJson(response, handle({ world, match: parts, query: url.searchParams, body }));
      }
    }
    return sendJson(response, problem(404, 'Not found', `The mock does not know ${url.pathname}.`));
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname === '/sign_in') {
      response.writeHead(303, {
        'Set-Cookie': 'checkerlab_session=mock; Path=/; HttpOnly; SameSite=Strict',
        Location: '/',
      });
      response.end();
    } else if (url.pathname.startsWith('/api/')) void answerApi(request, response, url);
    else sendFile(response, url.pathname);
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(null)));
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  const url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    signIn: `${url}/sign_in?code=mock`,
    world,
    resumed: events.resumed,
    emit: events.emit.bind(events),
    dropStreams: events.dropStreams.bind(events),
    setClosed: events.setClosed.bind(events),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
