// scim in a Node application: the application reads the bytes, scim.request does the
// rest.  Run it with PGHOST, PGUSER, PGDATABASE and PORT, behind a proxy that has TLS;
// doc/embedding.md says what the role of PGUSER needs.
const http = require('http');
const { randomUUID } = require('crypto');
const { Pool } = require('pg');

const MAX_BODY = 10 * 1024 * 1024;      // bytes; the setting max_body_size is the same
const PASSED = ['accept', 'content-encoding', 'content-range', 'content-type', 'host', 'if-match', 'if-modified-since',
  'if-none-match', 'if-unmodified-since', 'prefer'];

const pool = new Pool({ max: 10, connectionTimeoutMillis: 5000, query_timeout: 35000 });
// A connection may die at any time, in use or not: the pool makes another one.
pool.on('connect', (db) => db.on('error', (error) => console.error(error.message)));
pool.on('error', () => {});

// What the application answers itself; it looks like an error of scim.request.
class Refusal extends Error {
  constructor(status, detail, headers) {
    super(detail);
    this.answer = {
      status,
      headers: { 'Content-Type': 'application/scim+json', ...headers },
      body: JSON.stringify({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], detail, status: String(status) }),
    };
  }
}

// All lines of a header: of some request.headers has the first one only.
function header(request, name) {
  return request.headersDistinct[name]?.join(', ');
}

// The body as bytes.  One that is too long is read on and dropped, so that its client gets
// to read the answer; requestTimeout bounds how long.
function readBody(request) {
  return new Promise((resolve, reject) => {
    let size = 0;
    let chunks = [];
    request.on('data', (chunk) => {
      size += chunk.length;
      if (size <= MAX_BODY) return chunks.push(chunk);
      chunks = [];
      reject(new Refusal(413, `the request body has more than ${MAX_BODY} bytes`));
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

// One request, one transaction.  Nothing is repeated after an error: what was sent may have
// been done, and the client knows whether it wants to come again.
async function ask(request, headers, body) {
  let db;
  let failed;
  try {
    db = await pool.connect();
    await db.query('BEGIN');
    const { rows: [{ tenant }] } = await db.query(
      'SELECT scim.authenticate($1) AS tenant', [header(request, 'authorization')]);
    if (tenant === null) {
      await db.query('COMMIT');
      throw new Refusal(401, 'missing, invalid or expired bearer token', { 'WWW-Authenticate': 'Bearer realm="scim"' });
    }
    // who acts is proved from here on, until the transaction ends
    const { rows: [answer] } = await db.query(
      'SELECT status, headers, body FROM scim.request($1, $2, $3, $4::bytea)',
      [request.method, request.url, headers, body]);    // url: as it was sent, never decoded
    await db.query('COMMIT');
    return answer;                                      // stored: it may be told
  } catch (error) {
    if (error instanceof Refusal) throw error;
    failed = error;
    console.error(error.message);
    throw new Refusal(503, 'service temporarily unavailable', { 'Retry-After': '1' });
  } finally {
    db?.release(failed);                                // after an error it is closed
  }
}

async function scim(request) {
  const headers = {};
  for (const name of PASSED) {
    const value = header(request, name);
    if (value !== undefined) headers[name] = value;
  }
  if (request.httpVersion === '1.1' && headers.host === undefined) throw new Refusal(400, 'there is no header Host');
  headers['x-request-id'] = request.id;                 // the audit has it
  if (Number(request.headers['content-length']) > MAX_BODY) {
    request.resume();
    throw new Refusal(413, `the request body has more than ${MAX_BODY} bytes`);
  }
  const body = await readBody(request);
  return ask(request, headers, body);
}

async function handle(request, response) {
  let answer;
  const given = request.headers['x-request-id'] ?? '';  // the proxy's, or one of our own
  request.id = /^[!-~]{1,200}$/.test(given) ? given : randomUUID();
  try {
    answer = await scim(request);
  } catch (error) {
    if (!(error instanceof Refusal)) console.error(error);
    answer = (error instanceof Refusal ? error : new Refusal(500, 'internal error')).answer;
  }
  response.writeHead(answer.status, { ...answer.headers, 'X-Request-Id': request.id });
  response.end(answer.body ?? undefined);
}

function serve(request, response) {
  handle(request, response).catch((error) => { console.error(error); response.destroy(); });
}
// What Node would refuse without a body, no Host and an Expect that it does not know, comes here, too.
const server = http.createServer({ maxHeaderSize: 40 * 1024, requestTimeout: 60000, requireHostHeader: false }, serve);
server.on('checkExpectation', serve);

// What is no request to Node gets no handler: bytes that are no HTTP, headers without an end,
// CONNECT and methods that it does not know.
function refuseSocket(socket, status) {
  const { headers, body } = new Refusal(status, http.STATUS_CODES[status].toLowerCase(),
    status === 405 ? { Allow: 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS' } : {}).answer;
  if (!socket.writable) return socket.destroy();
  const lines = Object.entries({ ...headers, 'Content-Length': body.length, Connection: 'close' });
  socket.end(`HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\n`
    + lines.map(([name, value]) => `${name}: ${value}\r\n`).join('') + `\r\n${body}`);
}
function statusOf(error) {
  if (error.code === 'HPE_INVALID_METHOD' && /^[A-Z-]+ [!-~]+ HTTP\/1\.[01]\r?\n/.test(error.rawPacket?.toString('latin1'))) return 405;
  return { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }[error.code] ?? 400;
}
server.on('clientError', (error, socket) => refuseSocket(socket, statusOf(error)));
server.on('connect', (request, socket) => refuseSocket(socket, 405));

// Requests that are there are answered before the end.
function stop() {
  server.close(() => pool.end());
  server.closeIdleConnections();
  setTimeout(() => process.exit(1), 40000).unref();
}
process.once('SIGTERM', stop);
process.once('SIGINT', stop);

server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1');
